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
    if not change["is_last"]:  # of each reply only what stands now
        continue
    place, is_gone = folder / change["reply_id"], change["change"] in {"withdraw", "purge"}
    artifacts = [] if is_gone else change["manifest"]["artifacts"]
    files = {each["role"]: consumer.artifact(each) for each in artifacts}
    for old in filter(Path.exists, (place, fresh)):
        shutil.rmtree(old)
    if not is_gone:
        fresh.mkdir(parents=True)
        for name, body in (files | {"manifest.json": change["manifest_bytes"]}).items():
            (fresh / name).write_bytes(body)
        fresh.rename(place)
folder.mkdir(exist_ok=True)
remembered.with_suffix(".new").write_text(json.dumps(consumer.cursor))
remembered.with_suffix(".new").replace(remembered)
