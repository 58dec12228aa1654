"""Keep a folder equal to what is public: `python mirror.py ADDRESS FOLDER KEY`, as often as you like."""

import json
import shutil
import sys
from pathlib import Path

from fuwen_consumer import Consumer

address, folder, key = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
remembered, fresh = folder / "cursor.json", folder / "fresh"
consumer = Consumer(address, [key])
for change in consumer.changes(json.loads(remembered.read_text()) if remembered.exists() else None):
    place, manifest = folder / change["reply_id"], change["manifest"]
    if manifest is None:  # taken down since: the entry that says so follows
        continue
    is_gone = change["change"] in {"withdraw", "purge"}
    files = {} if is_gone else {each["role"]: consumer.artifact(each) for each in manifest["artifacts"]}
    for old in filter(Path.exists, (place, fresh)):
        shutil.rmtree(old)
    if not is_gone:
        fresh.mkdir(parents=True)
        for name, body in (files | {"manifest.json": json.dumps(manifest, ensure_ascii=False).encode()}).items():
            (fresh / name).write_bytes(body)
        fresh.rename(place)
folder.mkdir(exist_ok=True)
remembered.with_suffix(".new").write_text(json.dumps(consumer.cursor))
remembered.with_suffix(".new").replace(remembered)
