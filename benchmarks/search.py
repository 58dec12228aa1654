"""Full-text search: what the index costs to keep, how well it finds, and how soon a browser far away shows a result."""

from __future__ import annotations

import itertools
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

from benchmarks.search_corpus import Letter, letters
from benchmarks.table import Table
from domain.search.index import CURRENT, advance
from domain.search.segment import Segment, from_bytes, read_postings
from domain.search.tokens import next_bit, runs
from portal import portal_files
from tests.portal.browser import CHROMIUM, running_browser

_DELAY_SECONDS, _BYTES_A_SECOND = 0.060, 10_000_000 / 8
_BATCH, _BATCHES, _PHRASES, _COLD_STARTS = 15, 20, 150, 5


class Bucket(dict[str, bytes]):
    """The index in memory, and what each change of it wrote."""

    def take(self, found: Sequence[Letter]) -> tuple[float, int, int]:
        """CPU seconds, bytes and objects of one batch."""
        started = time.process_time()
        writes = advance(self.get(CURRENT), self.__getitem__, [letter.document for letter in found])
        spent = time.process_time() - started
        for key, body in writes.items():
            if body is None:
                del self[key]
            else:
                self[key] = body
        written = [body for body in writes.values() if body is not None]
        return spent, sum(map(len, written)), len(written)


def search_tables(*, quick: bool) -> Iterator[Table]:
    """The tables for each size of the archive."""
    for count in (500,) if quick else (20_000, 100_000):
        yield from _tables(count)


def _tables(count: int) -> Iterator[Table]:
    source, bucket = letters(count + _BATCH * _BATCHES), Bucket()
    found = list(itertools.islice(source, count))
    spent, _, _ = bucket.take(found)
    size = sum(map(len, bucket.values()))
    yield _quality(count, found, bucket)
    yield from _in_a_browser(count, found, bucket)
    batches = [bucket.take(list(itertools.islice(source, _BATCH))) for _ in range(_BATCHES)]
    seconds, written, objects = (statistics.median(values) for values in zip(*batches, strict=True))
    yield Table(
        f"search_cost_{count}",
        f"The index of {count:,} letters",
        ("what", "CPU s", "MB", "objects"),
        [
            ("built at once", spent, size / 1e6, len(bucket)),
            (f"a batch of {_BATCH} more (median of {_BATCHES})", seconds, written / 1e6, objects),
        ],
        f"Letters of {statistics.mean(len(letter.text) for letter in found):.0f} characters.",
    )


# --- how well it finds ------------------------------------------------------------------------------------------------


def _quality(count: int, found: Sequence[Letter], bucket: Bucket) -> Table:
    segments = [from_bytes(bucket[each["key"]]) for each in json.loads(bucket[CURRENT])["segments"]]
    texts = ["\n".join(runs(letter.text)) for letter in found]
    right = given = true = 0
    for phrase in _phrases(found):
        hits = set(_find(segments, phrase))
        truth = {number for number, text in enumerate(texts) if phrase in text}
        right, given, true = right + len(hits & truth), given + len(hits), true + len(truth)
    return Table(
        f"search_quality_{count}",
        f"What {_PHRASES} phrases that nobody planted find among {count:,} letters",
        ("recall", "precision", "hits"),
        [(right / true, right / given, given)],
        "Two neighbouring words of a letter, three to six characters; the truth is the exact stretch.",
    )


def _phrases(found: Sequence[Letter]) -> list[str]:
    rng = random.Random(7)
    chosen: dict[str, None] = {}
    while len(chosen) < _PHRASES:
        words = rng.choice(found).words
        start = rng.randrange(len(words) - 1)
        phrase = words[start] + words[start + 1]
        if 3 <= len(phrase) <= 6 and list(runs(phrase)) == [phrase]:
            chosen[phrase] = None
    return list(chosen)


def _find(segments: Sequence[Segment], phrase: str) -> Iterator[int]:
    shift = 0
    for segment in segments:
        yield from (shift + number for number in _find_in(segment, phrase))
        shift += len(segment.rows)


def _find_in(segment: Segment, phrase: str) -> set[int]:
    found: set[int] | None = None
    for at in range(len(phrase) - 1):
        key = phrase[at : at + 2].encode()
        if key not in segment.postings:
            return set()
        bit = next_bit(phrase[at + 2]) if at + 2 < len(phrase) else 0
        postings = read_postings(key, segment.postings[key])
        here = {n for n, mask in zip(postings.numbers, postings.masks, strict=True) if mask & bit == bit}
        found = here if found is None else found & here
    return found or set()


# --- how soon it is seen ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """A slow line that all requests share."""

    lock: threading.Lock
    searched: int = 0
    """Bytes under `search/`."""
    whole: int = 0

    def send(self, size: int, key: str) -> None:
        with self.lock:
            time.sleep(size / _BYTES_A_SECOND)
            self.whole += size
            if key.startswith("search/"):
                self.searched += size


class _Slow(SimpleHTTPRequestHandler):
    """Objects in memory, by ranges, after a while."""

    protocol_version = "HTTP/1.1"

    def __init__(self, objects: dict[str, tuple[bytes, str]], line: _Line, *args: object) -> None:
        self._objects, self._line = objects, line
        super().__init__(*args)  # type: ignore[arg-type]

    def handle(self) -> None:
        """Until the browser goes away, which is how each measurement ends."""
        with suppress(ConnectionResetError):
            super().handle()

    def do_GET(self) -> None:
        """Answer."""
        time.sleep(_DELAY_SECONDS)
        key = urlsplit(self.path).path.lstrip("/")
        body, media_type = self._objects.get(key, (b"", ""))
        status, part = (200 if key in self._objects else 404), body
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if wanted and status == 200:
            start, _, end = wanted.partition("-")
            status, part = 206, body[int(start) : int(end) + 1]
        self.send_response(status)
        self.send_header("Content-Type", media_type or "application/octet-stream")
        self.send_header("Content-Length", str(len(part)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {wanted}/{len(body)}")
        self.end_headers()
        for at in range(0, len(part), 8192):
            chunk = part[at : at + 8192]
            self._line.send(len(chunk), key)
            self.wfile.write(chunk)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        """Say nothing."""


def _in_a_browser(count: int, found: Sequence[Letter], bucket: Bucket) -> Iterator[Table]:
    if CHROMIUM is None:
        return
    objects = {key: (body, media_type) for key, body, media_type in portal_files()}
    objects |= {key: (body, "application/octet-stream") for key, body in bucket.items()}
    phrases = [phrase for phrase in _phrases(found) if len(phrase) == 4][:_COLD_STARTS]
    measured = [_cold_start(objects, phrase) for phrase in phrases]
    seconds, searched, whole = (statistics.median(values) for values in zip(*measured, strict=True))
    yield Table(
        f"search_browser_{count}",
        f"The first result in a browser that never was here, {count:,} letters",
        ("s to the first result", "kB of the index", "kB in all"),
        [(seconds, searched / 1e3, whole / 1e3)],
        f"Chromium, {_DELAY_SECONDS * 1e3:.0f} ms a request, 10 Mbit/s for all together; the median of "
        f"{len(measured)} phrases of four characters, each in a profile of its own.",
    )


def _cold_start(objects: dict[str, tuple[bytes, str]], phrase: str) -> tuple[float, int, int]:
    line = _Line(threading.Lock())
    with _serving(objects, line) as root, running_browser() as browser:
        browser._order("Page.navigate", url=f"{root}index.html?text={quote(phrase)}")
        browser.wait_until("document.querySelector('.rows > li')")
        seconds = float(browser.read("performance.now()")) / 1e3
        return seconds, line.searched, line.whole


@contextmanager
def _serving(objects: dict[str, tuple[bytes, str]], line: _Line) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Slow, objects, line)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
