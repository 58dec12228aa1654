"""What a process that reads strangers' files could do to the machine if a file took it over: nothing.

Each probe is what such a process would try first. It runs in a child that has confined itself as readers do, and again
in one that has not, so that a probe which fails for another reason is no proof.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.isolation.reader_process import ReaderProcess

ROOT = Path(__file__).parents[2]

PROBES = {
    "read a secret": "os.open(secret, os.O_RDONLY)",
    "list a folder": "os.listdir(folder)",
    "write a file": "os.open(folder + '/new', os.O_WRONLY | os.O_CREAT)",
    "change a file": "os.open(secret, os.O_WRONLY)",
    "remove a file": "os.unlink(folder + '/old')",
    "make a folder": "os.mkdir(folder + '/sub')",
    "make a link": "os.symlink(secret, folder + '/link')",
    "connect": "socket.create_connection(('127.0.0.1', port), 1)",
    "make a local socket": "socket.socket(socket.AF_UNIX)",
    "listen": "socket.create_server(('127.0.0.1', 0))",
    "fork": "os.fork() or os._exit(0)",
    "start a thread": "threading.Thread(target=int).start()",
    "execute": "subprocess.run([sys.executable, '-c', ''], check=True)",
    "end its parent": "os.kill(os.getppid(), 0)",
    "look into its parent": "os.open(f'/proc/{os.getppid()}/environ', os.O_RDONLY)",
    "become another user": "os.setuid(os.getuid())",
    "make memory executable": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
    "take memory without end": "bytearray(2 * 1024 ** 3)",
}
_PROGRAM = """
import json, mmap, os, socket, subprocess, sys, threading
from adapters.isolation.confinement import confine
from adapters.isolation.reading_limits import ReadingLimits
probe, folder, port, confined = json.load(sys.stdin)
secret = folder + '/secret'
code = compile(probe, 'probe', 'eval')
if confined:
    confine(ReadingLimits(), os.getppid())
try:
    eval(code)
    said = b'done'
except (OSError, MemoryError, RuntimeError, subprocess.CalledProcessError):
    said = b'refused'
os.write(1, said)
os._exit(0)
"""


def _try(probe: str, folder: Path, port: int, *, confined: bool) -> str:
    folder.mkdir()
    (folder / "secret").write_text("s3cr3t")
    (folder / "old").write_text("old")
    asked = json.dumps([PROBES[probe], str(folder), port, confined])
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM], input=asked, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return run.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the filter is missing, and `fuwen doctor` says so")
@pytest.mark.parametrize("probe", PROBES)
def test_a_confined_reader_is_refused(probe: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert _try(probe, tmp_path / "free", port, confined=False) == "done"
        assert _try(probe, tmp_path / "confined", port, confined=True) == "refused"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_reading_process_has_an_empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever credentials the orchestrating process holds in its environment, readers never had them."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")
    reader = ReaderProcess()
    try:
        environment = Path(f"/proc/{reader._process.pid}/environ").read_bytes().split(b"\0")
        assert [entry for entry in environment if entry and not entry.endswith(b"_NUM_THREADS=1")] == []
    finally:
        reader.kill()
        reader.close()
