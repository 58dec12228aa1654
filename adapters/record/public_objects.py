"""Where public objects are read from by somebody who believes nothing: the bucket, a copy in a folder, the web."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from adapters.store.object_store import ObjectMissing
from adapters.store.store_errors import StoreUnavailable

_TIMEOUT_SECONDS = 30
_TRIES, _PAUSE_SECONDS = 3, 0.5


class PublicObjects(Protocol):
    """Whatever gives the bytes of public objects; `adapters.store.object_store.Bucket` is one."""

    def get(self, key: str, /) -> bytes:
        """The bytes behind the key. Raises ObjectMissing."""


class PublicFolder:
    """A copy of the public bucket in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, /) -> bytes:
        """The bytes behind the key. Raises ObjectMissing."""
        try:
            return (self._folder / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            name = self._folder.name
            raise ObjectMissing("文件夹里没有要找的对象。", "The folder lacks the object.", name, key) from None


class PublicWeb:
    """The public bucket as the world reads it."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/") + "/"

    def get(self, key: str, /) -> bytes:
        """The bytes behind the key. Raises ObjectMissing, StoreUnavailable."""
        for turn in range(_TRIES):
            time.sleep(_PAUSE_SECONDS * turn)  # thousands of objects are read: one hiccup must not end it
            try:
                with urllib.request.urlopen(urljoin(self._address, key), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                    body: bytes = answer.read()
                    return body
            except urllib.error.HTTPError as error:
                # Without the right to list, a store says 403 of what is not there.
                if error.code in {403, 404, 410}:
                    zh, en = "网站上没有要找的对象。", "The site lacks the object."
                    raise ObjectMissing(zh, en, self._address, key) from None
                reason = (f"回答了 {error.code}", f"it answered {error.code}")
            except (OSError, ValueError, http.client.HTTPException) as error:
                reason = _reason(error)
                if reason in _LASTING.values():
                    break
        zh, en = reason
        raise StoreUnavailable(f"{self._address} 没有正常回答：{zh}。", f"{self._address}: {en}.", self._address, key)


_LASTING: dict[type[Exception], tuple[str, str]] = {
    socket.gaierror: ("找不到这个域名", "there is no such host"),
    ConnectionRefusedError: ("那里没有网站在应答，请核对网址", "nobody answers there; is the address right?"),
    ssl.SSLCertVerificationError: ("网站的证书不可信", "the certificate of the site is not trusted"),
    http.client.InvalidURL: ("这不是网址", "this is no web address"),
    ValueError: ("这不是网址", "this is no web address"),
}


def _reason(error: Exception) -> tuple[str, str]:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    for kind, words in _LASTING.items():
        if isinstance(cause, kind):
            return words
    if isinstance(cause, TimeoutError):
        return f"{_TIMEOUT_SECONDS} 秒内没有应答", f"no answer within {_TIMEOUT_SECONDS} seconds"
    return "连接中断", "the connection broke off"
