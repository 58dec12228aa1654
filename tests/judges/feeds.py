"""`python -m tests.judges.feeds PYTHON`: a fixture bucket on loopback, and the judges of `feed_judges.py` before it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.record.bag import write_bag
from adapters.record.public_objects import PublicFolder
from adapters.record.schema_check import schemas
from domain.publication.canonical_json import canonical_json
from domain.publication.object_keys import LOG_KEYS, schema_key
from domain.publication.site_particulars import Site
from tests.adapters.publishing import KEY
from tests.portal.browser import served
from tests.portal.fixture_bucket import FixtureBucket, fill, reply_id_of, some_replies

REPLIES = 150
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def main(python: str) -> int:
    """The judges' exit status."""
    with tempfile.TemporaryDirectory() as name, served(Path(name) / "bucket") as root:
        work, folder = Path(name), Path(name) / "bucket"
        folder.mkdir()
        bucket = fill(folder, REPLIES, Site(base_url=root, licence_url=LICENCE))
        _bring_keys_and_schemas(bucket)
        bucket.withdraw(reply_id_of(7))
        bucket.finish()

        def judge(stage: str) -> int:
            command = [python, str(Path(__file__).with_name("feed_judges.py")), stage, root, str(folder), str(work)]
            return subprocess.run(command, check=False).returncode

        status = judge("first")
        _go_on(bucket)
        write_bag(PublicFolder(folder), work / "bag", now=datetime.now(UTC), software="fuwen")
        return status or judge("later")


def _bring_keys_and_schemas(bucket: FixtureBucket) -> None:
    keys = {"schema": schema_key("log-keys-1"), "origin": KEY.name, "keys": list(KEY.verifier_keys)}
    bucket.put(LOG_KEYS, canonical_json(keys))
    for name, body in schemas().items():
        bucket.put(schema_key(name), body)


def _go_on(bucket: FixtureBucket) -> None:
    """New ones, a correction, removals of an old one, a corrected one and one that is newer than the first copy."""
    replies = list(some_replies(REPLIES + 3))
    for number in range(REPLIES, REPLIES + 3):
        bucket.publish(replies[number], reply_id_of(number))
    bucket.publish(replace(replies[4], title="关于更正的答复"), reply_id_of(4))
    for number in (3, 0, REPLIES + 1):
        bucket.withdraw(reply_id_of(number))
    bucket.finish()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
