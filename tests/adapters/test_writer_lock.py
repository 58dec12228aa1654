"""The writer lock: one at a time, whoever they are and however they end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkProcess, SpawnProcess
from pathlib import Path

import pytest

from adapters.store.writer_lock import WriterLock, WriterLockBusy

# Says its fencing number once it holds the lock, then holds it until it is killed or its input ends.
HOLDER = """
import sys
from pathlib import Path
from adapters.store.writer_lock import WriterLock
with WriterLock(Path(sys.argv[1])) as fence:
    print(fence, flush=True)
    sys.stdin.read()
"""


def _holder(path: Path) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "writer.lock"


def test_the_fencing_number_grows_with_every_acquisition(path: Path) -> None:
    """Whoever comes later has the greater number, also after a restart."""
    fences = []
    for _ in range(3):
        with WriterLock(path) as fence:
            fences.append(fence)
    assert fences == [1, 2, 3]


def test_only_one_thread_at_a_time(path: Path) -> None:
    """Threads exclude each other, whether they share the lock object or each have their own."""
    shared = WriterLock(path)
    inside = 0
    fences: list[int] = []

    def work(n: int) -> None:
        nonlocal inside
        with shared if n % 2 else WriterLock(path) as fence:
            inside += 1
            assert inside == 1
            fences.append(fence)
            threading.Event().wait(0.002)
            inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    assert fences == sorted(fences) == list(range(1, 25))


def test_another_process_is_waited_for_only_so_long(path: Path) -> None:
    """Who cannot have the lock is told so plainly, in both languages, and gets it when it is free."""
    process, fence = _holder(path)
    with pytest.raises(WriterLockBusy, match=r"0\.1 秒") as caught, WriterLock(path, timeout_seconds=0.1):
        pytest.fail("two writers")
    assert "Another Fuwen process" in caught.value.en
    process.communicate(timeout=30)
    with WriterLock(path, timeout_seconds=5) as mine:
        assert mine > fence


def test_a_killed_holder_holds_nothing(path: Path) -> None:
    """SIGKILL frees the lock at once; the next holder's number is greater than that of the dead one."""
    process, fence = _holder(path)
    process.kill()
    process.communicate(timeout=30)
    with WriterLock(path, timeout_seconds=5) as mine:
        assert mine == fence + 1


def test_taking_it_twice_is_a_mistake_said_at_once(path: Path) -> None:
    """A thread that would wait for itself gets an error instead, and still holds the lock."""
    lock = WriterLock(path, timeout_seconds=30)
    with lock:
        with pytest.raises(RuntimeError, match="already"), lock:
            pytest.fail("entered twice")
        with pytest.raises(WriterLockBusy), WriterLock(path, timeout_seconds=0.05):
            pytest.fail("the lock was lost")
    with lock as fence:
        assert fence == 2


def test_an_error_inside_frees_the_lock(path: Path) -> None:
    """Whatever happens in the block, the next writer is not kept waiting."""
    with pytest.raises(ZeroDivisionError), WriterLock(path):
        _ = 1 / 0
    with WriterLock(path, timeout_seconds=1) as fence:
        assert fence == 2


def test_a_damaged_counter_stops_the_writer(path: Path) -> None:
    """A number that cannot be read is never taken for zero, and the lock is free again afterwards."""
    path.parent.mkdir()
    path.write_text("garbage\n")
    for _ in range(2):
        with pytest.raises(ValueError, match="number"), WriterLock(path, timeout_seconds=1):
            pytest.fail("a fence from nowhere")


@pytest.mark.parametrize("start", [ForkProcess, SpawnProcess])
def test_a_child_started_meanwhile_does_not_keep_the_lock(path: Path, start: type[ForkProcess | SpawnProcess]) -> None:
    """Worker processes outlive the block in which they were started; the lock does not wait for them."""
    with WriterLock(path):
        child = start(target=time.sleep, args=(60,))
        child.start()
    try:
        with WriterLock(path, timeout_seconds=1) as fence:
            assert fence == 2
        assert child.is_alive()
    finally:
        child.kill()
        child.join()
