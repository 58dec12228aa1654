"""`python -m tests.judges CHROMIUM CACHE`: a fixture bucket on loopback, and the judges of `judges.mjs` before it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from domain.publication.object_keys import page_key
from tests.portal.browser import served
from tests.portal.fixture_bucket import fill, reply_id_of

REPLIES = 30


def main(chromium: str, cache: str) -> int:
    """The judges' exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bucket = fill(folder, REPLIES)
        bucket.withdraw(reply_id_of(7))
        bucket.finish()
        kinds = ("index.html", "index.html?text=饮水", "index.html?check", "statistics.html")
        replies = ((0, None), (0, 1), (1, None), (7, None))  # corrected, an earlier version, a summary, withdrawn
        pages = [*kinds, *(page_key(reply_id_of(number), version) for number, version in replies)]
        with served(folder) as root:
            command = ["node", str(Path(cache) / "judges.mjs"), chromium, root, *pages]
            return subprocess.run(command, cwd=cache, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
