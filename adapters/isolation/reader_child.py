"""The process in which strangers' files are opened: `python -m adapters.isolation.reader_child FD`.

It is started once with an empty environment, loads every parser (and the recogniser, if it is told that it shall read
pictures of pages too), and then forks a child for each document. It never looks at a document itself, so what a
document does to a child is gone with that child. The other end of the socket FD is the pool
(`adapters.isolation.reader_pool`); when that closes, for whatever reason, this process and its child end.

Requests and answers are lines of JSON; the file and the pipe for the result come along as open descriptors.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import logging
import os
import pkgutil
import select
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from adapters.isolation.confinement import Confinement, confine, prove
from adapters.isolation.reader_wire import FAULT, KILL, MISSING, OUT_OF_MEMORY, RESULT, STEP, receive, send
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.trust import TrustAnchors
from domain.evidence_json import evidence_to_plain, from_plain, to_plain

if TYPE_CHECKING:
    from adapters.pdf.ocr import PageRecogniser
    from adapters.record.original import Recogniser

_LOADED_LATE = (
    "_strptime",  # by strptime at its first call
    "PIL.BmpImagePlugin",  # by Pillow when a picture is saved, and so are the next four
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "adapters.record.original",
    "adapters.pdf.page_pictures",
    "adapters.pdf.preview",
    "pyhanko.pdf_utils.filters",
    "pyhanko.pdf_utils.crypt._saslprep",
    "pyhanko.pdf_utils.crypt.pdfmac",
    "pyhanko.pdf_utils.metadata.xmp_xml",
)


def main(descriptor: int) -> None:
    """Serve until the pool closes its end."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with socket.socket(fileno=descriptor) as pool, contextlib.suppress(EOFError, ConnectionError):
        try:
            zygote = _Zygote(pool)
            zygote.get_ready()
        except Exception as error:  # noqa: BLE001 - there is nobody else to tell
            send(pool, {"failed": f"{type(error).__name__}: {error}"})
            return
        zygote.serve()


class _Zygote:
    def __init__(self, pool: socket.socket) -> None:
        """Load everything, and only then hear of the limits: whoever started us may still be reading its settings."""
        preload()
        self._pool = pool
        settings, _ = receive(pool)
        self._limits = from_plain(ReadingLimits, settings["limits"])
        self._trust = TrustAnchors(
            tuple(bytes.fromhex(der) for der in settings["certificates"]),
            None if settings["crls"] is None else tuple(bytes.fromhex(der) for der in settings["crls"]),
        )
        self._recogniser: Recogniser | None = _warm_recogniser() if settings["recognises"] else None

    def get_ready(self) -> None:
        """Prove the confinement, say so."""
        send(self._pool, {"confinement": to_plain(_proof(self._limits))})

    def serve(self) -> None:
        """One child for each request, one after the other."""
        while True:
            request, descriptors = receive(self._pool)
            send(self._pool, {"status": self._serve_one(request, descriptors)})

    def _serve_one(self, request: dict[str, Any], descriptors: list[int]) -> int:
        file, result = descriptors
        alive, end_of_life = os.pipe()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            self._pool.close()
            os.close(alive)
            limits = self._limits.with_recognition(request.get("recognise", 0))
            _work(_Errand(request, self._trust, limits, self._recogniser), file, result, parent)
        for descriptor in (file, result, end_of_life):
            os.close(descriptor)
        try:
            self._attend(child, alive)
        finally:
            os.close(alive)
            _, status = os.waitpid(child, 0)
        return status

    def _attend(self, child: int, alive: int) -> None:
        """Wait for the end of the child; whatever the pool says meanwhile, and its silence, means kill."""
        ready, _, _ = select.select([self._pool.fileno(), alive], [], [])
        if alive in ready:
            return
        os.kill(child, signal.SIGKILL)
        if not self._pool.recv(len(KILL)):
            raise EOFError


def _proof(limits: ReadingLimits) -> Confinement:
    answer, question = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.write(question, json.dumps(to_plain(prove(limits, parent))).encode())
        os._exit(0)
    os.close(question)
    os.waitpid(child, 0)
    text = os.read(answer, 4096)
    os.close(answer)
    return from_plain(Confinement, json.loads(text)) if text else Confinement(*[False] * 6)


@dataclass(frozen=True, slots=True)
class _Errand:
    """What one child has to do, and with what."""

    request: dict[str, Any]
    trust: TrustAnchors
    limits: ReadingLimits
    recogniser: Recogniser | None


def _work(errand: _Errand, file: int, result: int, parent: int) -> NoReturn:
    """The child's whole life. It ends here, whatever happens: nothing of the zygote's must run in it."""
    wanted: set[str] = set()
    sys.addaudithook(lambda event, details: wanted.add(str(details[0])) if event == "import" else None)
    try:
        confine(errand.limits, parent)
        data = b"".join(_read(file, errand.limits.max_bytes + 1))
        answer = RESULT + _answer(errand, data, result)
    except MemoryError:
        answer = OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 - nobody else would ever hear of it
        answer = FAULT + _place(error).encode()
    # Some parsers go on without a module that they could not load, and then say less than is there.
    _write(result, MISSING + ",".join(sorted(wanted)).encode() if wanted else answer)
    os._exit(0)


def _place(error: BaseException) -> str:
    """What happened where; the message is left out, it may quote the document."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} {PurePath(frames[-1].filename).name}:{frames[-1].lineno}"


def _answer(errand: _Errand, data: bytes, result: int) -> bytes:
    from adapters.pdf.page_pictures import written
    from adapters.pdf.preview import first_page_jpeg, page_pictures
    from adapters.record.original import read_original

    if errand.request["do"] == "preview":
        return first_page_jpeg(data, errand.limits)
    if errand.request["do"] == "pictures":
        return written(page_pictures(data, errand.limits))
    evidence = read_original(
        data,
        errand.trust,
        errand.limits,
        datetime.fromisoformat(errand.request["now"]),
        lambda: _write(result, STEP),
        errand.recogniser,
    )
    return json.dumps(evidence_to_plain(evidence), allow_nan=False).encode()


def _read(file: int, limit: int) -> Iterator[bytes]:
    position = 0
    while position < limit and (chunk := os.pread(file, min(limit - position, 1 << 20), position)):
        position += len(chunk)
        yield chunk


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def preload() -> None:
    """Load every module that reading may ask for: in a confined child an import fails, and pypdf hides that."""
    gc.disable()  # while modules load there is nothing to collect, and looking for it is a fifth of the time
    sys.modules.setdefault("aiohttp", _NoWebClient("aiohttp"))
    for name in _LOADED_LATE:
        importlib.import_module(name)
    for package in ("pypdf", "encodings", "cryptography.hazmat.backends", "cryptography.hazmat.bindings"):
        _load_all_of(importlib.import_module(package))
    gc.freeze()
    gc.enable()


class _NoWebClient(ModuleType):
    """In the place of a web client that pyHanko imports, names in its annotations, and never needs here.

    A reading process is denied the network anyway, and the client is nearly half of what pyHanko takes to load.
    """

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def _warm_recogniser() -> PageRecogniser:
    """With both models in memory, and everything loaded that they ask for when they first see a page."""
    from adapters.pdf.ocr import PageRecogniser

    recogniser = PageRecogniser()
    recogniser.warm_up()
    gc.collect()
    gc.freeze()
    return recogniser


def _load_all_of(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        with contextlib.suppress(ImportError):  # encodings of other systems
            importlib.import_module(module.name)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    os._exit(0)  # to take down all that was loaded would only keep the pool waiting
