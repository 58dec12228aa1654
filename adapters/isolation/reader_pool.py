"""Reading strangers' files without ever opening one here.

This process imports no PDF parser. A worker is a zygote (`adapters.isolation.reader_child`) that forks a bounded
child for each document; a document that crashes, hangs or eats its child costs itself and nothing else. What comes
back is checked as if a stranger had written it, because one may have.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import re
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from adapters.isolation.confinement import Confinement
from adapters.isolation.reader_process import ReaderProcess
from adapters.isolation.reader_wire import FAULT, KILL, MISSING, OUT_OF_MEMORY, RESULT, STEP, receive, send
from adapters.isolation.reading_limits import ReadingLimits, too_large
from adapters.pdf import page_pictures
from adapters.pdf.page_pictures import JPEG_START, PagePicture
from adapters.pdf.trust import TrustAnchors
from domain.evidence_json import EvidenceShapeError, evidence_from_plain, from_plain, to_plain
from domain.gate.evidence import Evidence, SignatureStatus, SignatureVerdict
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import FINDING_KINDS
from domain.reading.page_gate import RECOGNISABLE
from domain.reading.raw_reply import RawReply

_START_SECONDS = 120.0
_END_SECONDS = 10.0
_CHUNK = 1 << 16
_NOT_READ = SignatureVerdict(SignatureStatus.INDETERMINATE, "文件没有读完，未能核验签名。")


class ReaderUnavailableError(RuntimeError):
    """No reading process can be started: a fault of the installation, not of a document."""


class PreviewUnavailableError(RuntimeError):
    """The page could not be drawn within the bounds."""


class _ZygoteGoneError(Exception):
    """The zygote ended before or while its child read the document."""


class _Lost(Exception):  # noqa: N818 - not an error: the fate of one child
    """The child ended without a result; `bound` is what it met."""

    def __init__(self, bound: str) -> None:
        super().__init__(bound)
        self.bound = bound


class ReaderPool:
    """At most `workers` documents at once, each in a child of its own. Safe to use from many threads.

    The first call may wait for the parsers to load; they load from the moment the pool is made.
    """

    def __init__(
        self,
        workers: int,
        limits: ReadingLimits,
        trust: TrustAnchors,
        started: ReaderProcess | None = None,
        renewed: Callable[[], TrustAnchors | None] = lambda: None,
    ) -> None:
        """Start the reading processes; `started` is one that the caller has started before, now the pool's own.

        `renewed` is asked before each document and gives other trust anchors when there are any.
        """
        self._limits = limits
        self._renewed = renewed
        settings = _settings(limits, trust)
        self._readers = _Workers(workers, settings)
        self._readers.start(started)
        # These take seconds to start and hundreds of megabytes each: not before a page needs one.
        self._recognisers = _Workers(workers, settings | {"recognises": True})

    def read(self, path: Path, now: datetime | None = None) -> Evidence:
        """All that is learned from one original; signatures are judged as of `now`, the present if None.

        A document that meets a bound comes back with the finding `reading-bounds-exceeded`. Raises OSError where the
        path cannot be read and ReaderUnavailableError where no reading process can be started.
        """
        trust = self._renewed()
        if trust is not None:
            settings = _settings(self._limits, trust)
            self._readers.adopt(settings)
            self._recognisers.adopt(settings | {"recognises": True})
        with path.open("rb") as file:
            identity = _identity(file)
            if identity.size_bytes > self._limits.max_bytes:
                return identity.without_reading(too_large(identity.size_bytes, self._limits))
            request = {"do": "read", "now": (now or datetime.now(UTC)).isoformat()}
            try:
                evidence = identity.vouch(self._readers.ask(request, file, self._limits))
            except _Lost as lost:
                return identity.without_reading(find("reading-bounds-exceeded", bound=lost.bound))
            pages = _pages_to_recognise(evidence)
            if not 0 < pages <= self._limits.recognised_pages:
                return evidence
            try:
                limits = self._limits.with_recognition(pages)
                return identity.vouch(self._recognisers.ask(request | {"recognise": pages}, file, limits))
            except _Lost as lost:
                beyond = find("reading-bounds-exceeded", bound=lost.bound)
                return replace(evidence, findings=(*evidence.findings, beyond))

    def preview(self, path: Path) -> bytes:
        """The first page as JPEG. Raises PreviewUnavailableError, and otherwise as `read` does."""
        with path.open("rb") as file:
            try:
                picture = self._readers.ask({"do": "preview"}, file, self._limits)
            except _Lost as lost:
                raise PreviewUnavailableError(lost.bound) from lost
        if not picture.startswith(JPEG_START):
            raise PreviewUnavailableError("not a picture")
        return picture

    def pictures(self, path: Path) -> tuple[PagePicture, ...]:
        """The pages, drawn. Raises PreviewUnavailableError, and otherwise as `read` does."""
        with path.open("rb") as file:
            try:
                return page_pictures.read(self._readers.ask({"do": "pictures"}, file, self._limits))
            except (_Lost, EvidenceShapeError) as error:
                raise PreviewUnavailableError(str(error)) from error

    def confinement(self) -> Confinement:
        """What a child on this machine was proved to be unable to do."""
        with self._readers.one() as zygote:
            return zygote.confinement

    def close(self) -> None:
        """End all processes. Documents that are being read are finished first; afterwards the pool is of no use."""
        self._readers.close()
        self._recognisers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Workers:
    """So many zygotes of one kind; those that are not needed yet are not there yet."""

    def __init__(self, count: int, settings: dict[str, Any]) -> None:
        self._count = count
        self._settings = settings
        self._idle: queue.SimpleQueue[_Zygote | None] = queue.SimpleQueue()
        for _ in range(count):
            self._idle.put(None)

    def start(self, started: ReaderProcess | None = None) -> None:
        """All of them, now; `started` is the process of the first."""
        for number in range(self._count):
            self._idle.get()
            self._idle.put(_Zygote(self._settings, started if number == 0 else None))

    def adopt(self, settings: dict[str, Any]) -> None:
        """Work by these settings from now on: a zygote that knows others is replaced when it is next needed."""
        self._settings = settings

    def ask(self, request: dict[str, Any], file: BufferedReader, limits: ReadingLimits) -> bytes:
        """The result of one child. Raises _Lost where there is none."""
        for _ in range(2):
            with self.one() as zygote:
                try:
                    return zygote.ask(request, file, limits)
                except _ZygoteGoneError:
                    continue  # perhaps by another hand; the next worker is a new one
        raise _Lost("SIGKILL")

    @contextmanager
    def one(self) -> Iterator[_Zygote]:
        """One that is ready, for as long as it is needed."""
        zygote = self._idle.get()
        try:
            if zygote is not None and zygote.settings is not self._settings:
                zygote.close()
                zygote = None
            if zygote is None or not zygote.is_alive():
                zygote = _Zygote(self._settings)
            zygote.wait_until_ready()
            yield zygote
        finally:
            if zygote is not None and not zygote.is_alive():
                zygote.close()
                zygote = None
            self._idle.put(zygote)

    def close(self) -> None:
        """End them all, each when it is not busy any more."""
        for _ in range(self._count):
            zygote = self._idle.get()
            if zygote is not None:
                zygote.close()


def _pages_to_recognise(evidence: Evidence) -> int:
    return len({finding.page for finding in evidence.findings if finding.code in RECOGNISABLE})


def capabilities() -> Confinement:
    """What this machine can keep from a reading process, tried and proved; for `fuwen doctor`."""
    with ReaderPool(1, ReadingLimits(), TrustAnchors()) as pool:
        return pool.confinement()


@dataclass(frozen=True, slots=True)
class _Identity:
    """What this process knows of the file by itself, and so need not believe anyone."""

    sha256: str
    size_bytes: int

    def vouch(self, answer: bytes) -> Evidence:
        try:
            evidence = evidence_from_plain(json.loads(answer))
        except (ValueError, RecursionError) as error:
            raise _Lost("result") from error
        if any(finding.code not in FINDING_KINDS for finding in evidence.findings):
            raise _Lost("result")
        return replace(evidence, sha256=self.sha256, size_bytes=self.size_bytes)

    def without_reading(self, finding: Finding) -> Evidence:
        return Evidence(self.sha256, self.size_bytes, 0, _NOT_READ, RawReply(), findings=(finding,))


def _identity(file: BufferedReader) -> _Identity:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _Identity(digest, os.fstat(file.fileno()).st_size)


def _settings(limits: ReadingLimits, trust: TrustAnchors) -> dict[str, Any]:
    return {
        "limits": to_plain(limits),
        "certificates": [der.hex() for der in trust.certificates],
        "recognises": False,
        "crls": None if trust.crls is None else [der.hex() for der in trust.crls],
    }


class _Zygote:
    """One reading process, seen from here. Used by one thread at a time."""

    def __init__(self, settings: dict[str, Any], process: ReaderProcess | None = None) -> None:
        self.settings = settings
        self._process = process or ReaderProcess()
        self._socket = self._process.channel
        self._confinement: Confinement | None = None
        with suppress(OSError):  # it ended at once; wait_until_ready will say so
            send(self._socket, settings)

    @property
    def confinement(self) -> Confinement:
        """What a child of it was proved to be unable to do. Only when it is ready."""
        assert self._confinement is not None  # noqa: S101 - wait_until_ready comes first
        return self._confinement

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive()

    def wait_until_ready(self) -> None:
        """Until every parser is loaded. Raises ReaderUnavailableError where that fails."""
        if self._confinement is not None:
            return
        answer: dict[str, Any] = {}
        try:
            self._socket.settimeout(_START_SECONDS)
            answer, _ = receive(self._socket)
            self._confinement = from_plain(Confinement, answer.get("confinement", answer))
        except (OSError, EOFError, ValueError) as error:
            self.kill()
            reason = answer.get("failed") or f"{type(error).__name__}: {error}"
            raise ReaderUnavailableError(f"no reading process can be started: {reason}") from error

    def ask(self, request: dict[str, Any], file: BufferedReader, limits: ReadingLimits) -> bytes:
        """The result of one child. Raises _Lost where there is none, _ZygoteGoneError where the zygote ended."""
        reading, writing = os.pipe()
        try:
            try:
                send(self._socket, request, (file.fileno(), writing))
            except OSError as error:
                self.kill()
                raise _ZygoteGoneError from error
            finally:
                os.close(writing)
            return self._result(reading, limits)
        finally:
            os.close(reading)

    def _result(self, reading: int, limits: ReadingLimits) -> bytes:
        deadline = time.monotonic() + limits.total_seconds
        try:
            data = _collect(reading, deadline, limits)
            status = self._status(max(deadline - time.monotonic(), 0.1))
        except _Lost:
            self._end_child()
            raise
        except TimeoutError as error:
            self._end_child()
            raise _Lost(f"{limits.total_seconds:g} s") from error
        return _payload(data, status, limits)

    def _status(self, seconds: float) -> int:
        self._socket.settimeout(seconds)
        try:
            answer, _ = receive(self._socket)
        except (EOFError, ConnectionError) as error:
            self.kill()
            raise _ZygoteGoneError from error
        return int(answer["status"])

    def _end_child(self) -> None:
        try:
            self._socket.sendall(KILL)
            self._status(_END_SECONDS)
        except (OSError, _ZygoteGoneError):
            self.kill()

    def kill(self) -> None:
        """End it at once; its child goes with it."""
        self._process.kill()

    def close(self) -> None:
        """Hang up, which is how it learns that it is not needed any more."""
        self._process.close()


def _collect(reading: int, deadline: float, limits: ReadingLimits) -> bytes:
    """What the child writes until it ends. Two clocks: one for the whole, one between two signs of life."""
    data = bytearray()
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    while True:
        now = time.monotonic()
        wait = min(deadline - now, limits.stall_seconds)
        if wait <= 0 or not poll.poll(wait * 1000):
            raise _Lost(f"{limits.stall_seconds if wait == limits.stall_seconds else limits.total_seconds:g} s")
        chunk = os.read(reading, _CHUNK)
        if not chunk:
            return bytes(data)
        data += chunk
        if len(data) > limits.result_bytes:
            raise _Lost(f"{limits.result_bytes} B")


def _payload(data: bytes, status: int, limits: ReadingLimits) -> bytes:
    words = data.lstrip(STEP)
    if os.WIFSIGNALED(status):
        raise _Lost(_signal_name(os.WTERMSIG(status), limits))
    if words.startswith(OUT_OF_MEMORY):
        raise _Lost(f"{limits.memory_bytes >> 20} MB")
    if words.startswith((MISSING, FAULT)):
        raise _Lost(("module " if words.startswith(MISSING) else "") + _legible(words[1:]))
    if status != 0 or not words.startswith(RESULT):
        raise _Lost(f"exit {os.waitstatus_to_exitcode(status)}")
    return words.removeprefix(RESULT)


def _legible(words: bytes) -> str:
    return re.sub(rb"[^A-Za-z0-9_.,: ]", b"", words[:200])[:80].decode()


def _signal_name(number: int, limits: ReadingLimits) -> str:
    return f"{limits.cpu_seconds} s CPU" if number == signal.SIGXCPU else signal.Signals(number).name
