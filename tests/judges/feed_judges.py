"""`PYTHON feed_judges.py first|later ADDRESS FOLDER WORK`: what others' tools say of a public bucket.

Runs with the judges' own Python. The bucket is served at ADDRESS from FOLDER. Exit status 1 if any has a complaint.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import bagit
import feedparser
from aics_tlog import FileSystemTileReader, audit_tiles
from aics_tlog.checkpoint import checkpoint_from_note
from lxml import etree
from pyshacl import validate
from rdflib import Graph

HERE = Path(__file__).parent
TOOLS = Path(sys.executable).parent
MIRROR = "mirror"
Command = list[str | Path]


class Judging:
    """One bucket before all judges."""

    def __init__(self, stage: str, address: str, folder: Path, work: Path) -> None:
        self.first, self.address, self.folder, self.work = stage == "first", address, folder, work
        self.complaints = 0

    def say(self, judge: str, words: str, *complaints: str) -> None:
        """One line for each judge, and one for each complaint."""
        print(f"{judge}: {words}, {len(complaints)} complaints", flush=True)
        for complaint in complaints[:20]:
            print(f"  {complaint}", flush=True)
        self.complaints += len(complaints)

    def resource_sync(self) -> None:
        """A mirror that knows nothing but the address ends with the manifests that are public, and no other file."""
        # The client cannot compare digests of changes (AttributeError in 2.0.1); here all bytes are compared.
        mode = ["--baseline", "--hash", "sha-256"] if self.first else ["--incremental"]
        command: Command = [TOOLS / "resync-sync", *mode, "--delete", self.address, MIRROR]
        said = subprocess.run(command, cwd=self.work, capture_output=True, text=True, check=False)
        mirrored = {
            path.relative_to(self.work / MIRROR).as_posix(): path.read_bytes()
            for path in (self.work / MIRROR).rglob("*")
            if path.is_file()
        }
        found = [said.stderr.strip()] if said.returncode or "FatalError" in said.stderr else []
        wanted = self._public_manifests()
        found += [f"missing {key}" for key in sorted(set(wanted) - set(mirrored))]
        found += [f"left over {key}" for key in sorted(set(mirrored) - set(wanted))]
        found += [f"other bytes {key}" for key in sorted(wanted) if mirrored.get(key, wanted[key]) != wanted[key]]
        self.say("resync", f"{mode[0]}, {len(mirrored)} files", *found)

    def atom(self) -> None:
        """Every document is well formed, and together they name the replies that are public."""
        url: str | None = f"{self.address}feed/replies.atom"
        documents, newest, found = 0, dict[str, str](), []
        while url:
            feed = feedparser.parse(url)
            documents += 1
            if feed.bozo or feed.version != "atom10":
                found.append(f"{url}: {feed.get('bozo_exception', feed.version)}")
            for entry in feed.entries:
                newest.setdefault(entry.id, entry.updated)
                if not (entry.title and entry.author and entry.summary and entry.link == entry.id):
                    found.append(f"{url}: {entry.id} lacks something")
            url = next((link.href for link in feed.feed.links if link.rel == "prev-archive"), None)
        public = {f"{self.address}r/{each}.html" for each in self._current()}
        found += [f"not as published: {each}" for each in public ^ set(newest)]
        self.say("feedparser", f"{documents} documents, {len(newest)} replies", *found)

    def sitemaps(self) -> None:
        """Each keeps the schema of sitemaps.org."""
        schema = etree.XMLSchema(etree.parse(HERE / "sitemap-0.9" / "sitemap.xsd"))
        pages = sorted(self.folder.glob("sitemap-*.xml"))
        found = [] if pages else ["there is no sitemap"]
        for page in pages:
            schema.validate(etree.parse(page))
            found += [f"{page.name}: {error}" for error in schema.error_log]
        self.say("sitemap.xsd", f"{len(pages)} sitemaps", *found)

    def data_catalogue(self) -> None:
        """It conforms to DCAT-AP 3.0.1."""
        catalogue = Graph().parse(self.folder / "feed" / "dcat.jsonld", format="json-ld")
        for name in ("shapes", "range"):
            shapes = Graph().parse(HERE / "dcat-ap-3.0.1" / f"{name}.ttl", format="turtle")
            conforms, _, text = validate(catalogue, shacl_graph=shapes)
            self.say("pyshacl", f"DCAT-AP 3.0.1 {name}, {len(catalogue)} statements", *([] if conforms else [text]))

    def json_schemas(self) -> None:
        """Our schemas are schemas, and every object that names one follows it."""
        checker: Command = [TOOLS / "check-jsonschema"]
        by_schema: defaultdict[str, list[Path]] = defaultdict(list)
        for path in self.folder.rglob("*.json"):
            document = json.loads(path.read_bytes())
            if isinstance(document, dict) and str(document.get("schema")).startswith("schemas/"):
                by_schema[document["schema"]].append(path)
        schemas = sorted((self.folder / "schemas").iterdir())
        orders: list[Command] = [[*checker, "--check-metaschema", *schemas]]
        orders += [[*checker, "--schemafile", self.folder / key, *paths] for key, paths in sorted(by_schema.items())]
        found = [] if by_schema else ["no object names its schema"]
        for order in orders:
            said = subprocess.run(order, capture_output=True, text=True, check=False)
            found += [said.stdout + said.stderr] if said.returncode else []
        objects = sum(map(len, by_schema.values()))
        self.say("check-jsonschema", f"{len(schemas)} schemas, {objects} objects of {len(by_schema)} kinds", *found)

    def log(self) -> None:
        """Signature, tiles, inclusion of every tenth entry, and consistency with the checkpoint read before."""
        note, before = self.folder / "log" / "checkpoint", self.work / "checkpoint.before"
        key = json.loads((self.folder / "log" / "keys.json").read_bytes())["keys"][0]
        checkpoint, _ = checkpoint_from_note(note.read_bytes())
        tlog: Command = [sys.executable, "-m", "aics_tlog"]
        pinned: Command = ["--log-key", key, "--tiles", self.folder]
        orders: list[Command] = [[*tlog, "verify-checkpoint", "--log-key", key, "--note", note]]
        for index in range(0, checkpoint.size, 10):
            leaf = self.folder / "log" / "entries" / f"{(index + 1) // 1000:09d}" / f"{index + 1:012d}.json"
            order: Command = ["verify-inclusion", *pinned, "--checkpoint", note, "--leaf", leaf, "--index", str(index)]
            orders.append([*tlog, *order])
        if before.exists():
            order = ["verify-consistency", *pinned, "--old-checkpoint", before, "--checkpoint", note]
            orders.append([*tlog, *order])
        found = list[str]()
        for order in orders:
            said = subprocess.run(order, capture_output=True, text=True, check=False)
            found += [f"{order[3]}: {said.stdout}{said.stderr}"] if said.returncode else []
        try:
            audit_tiles(FileSystemTileReader(self.folder), checkpoint.size, checkpoint.root)
        except (OSError, ValueError) as error:
            found.append(f"audit_tiles: {error}")
        shutil.copy(note, before)
        self.say("aics-tlog", f"{checkpoint.size} entries, {len(orders)} checks and all tiles", *found)

    def bag(self) -> None:
        """The bag is valid."""
        try:
            bag = bagit.Bag(str(self.work / "bag"))
            bag.validate()
            self.say("bagit", f"{len(bag.payload_entries())} files")
        except bagit.BagError as error:
            self.say("bagit", "invalid", str(error))

    def _current(self) -> Iterator[str]:
        for page in (self.folder / "catalogue").iterdir():
            for row in json.loads(page.read_bytes())["rows"]:
                if row["state"] in {"published", "corrected"}:
                    yield row["reply_id"]

    def _public_manifests(self) -> dict[str, bytes]:
        found = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.glob("doc/*/v*/manifest.json")
        }
        return {key: body for key, body in found.items() if "artifacts" in json.loads(body)}


def main(stage: str, address: str, folder: str, work: str) -> int:
    """1 if anybody has a complaint."""
    judging = Judging(stage, address, Path(folder), Path(work))
    judging.resource_sync()
    judging.atom()
    judging.sitemaps()
    judging.data_catalogue()
    judging.log()
    if not judging.first:
        judging.json_schemas()
        judging.bag()
    return 1 if judging.complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
