"""Where public objects are read from by somebody who believes nothing: the bucket, a copy in a folder, the web."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from adapters.store.object_store import ObjectMissing
from adapters.store.store_errors import StoreUnavailable

_TIMEOUT_SECONDS = 30


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
        try:
            with urllib.request.urlopen(urljoin(self._address, key), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            # Without the right to list, a store says 403 of what is not there.
            if error.code in {403, 404, 410}:
                raise ObjectMissing(
                    "网站上没有要找的对象。", "The site lacks the object.", self._address, key
                ) from None
            raise self._silent(f"回答 {error.code}", f"it answered {error.code}", key) from None
        except (OSError, ValueError) as error:
            raise self._silent(type(error).__name__, type(error).__name__, key) from None

    def _silent(self, zh: str, en: str, key: str) -> StoreUnavailable:
        return StoreUnavailable(f"网站没有正常回答：{zh}。", f"The site does not answer: {en}.", self._address, key)
