"""Keep a folder equal to what is public: `python mirror.py ADDRESS FOLDER KEY`, as often as you like."""

import json
import shutil
import sys
from pathlib import Path

from fuwen_consumer import Consumer

address, folder, key = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
remembered = folder / "cursor.json"
consumer = Consumer(address, [key])
for change in consumer.changes(json.loads(remembered.read_text()) if remembered.exists() else None):
    place, manifest = folder / change["reply_id"], change["manifest"]
    if change["change"] in {"withdraw", "purge"}:
        shutil.rmtree(place, ignore_errors=True)
    elif manifest:  # there is none for what has been taken down since
        files = {each["role"]: consumer.artifact(each) for each in manifest["artifacts"]}
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for role, body in files.items():
            (place / role).write_bytes(body)
        (place / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
folder.mkdir(exist_ok=True)
remembered.write_text(json.dumps(consumer.cursor))
