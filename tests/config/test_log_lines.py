"""The log: one JSON object a line, whoever speaks, and nothing of what a library says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRIVATE = "某某某-13800000000"
SPEAKERS = f"""
import logging, os, threading, warnings
from config.prefect_environment import prefect_environment
from config.settings import Settings
os.environ.update(prefect_environment(Settings(data_dir=os.environ["FUWEN_DATA_DIR"])))
from config.log_lines import write_log_lines
write_log_lines()
from prefect import flow
import structlog
structlog.get_logger().info("reply.settled", outcome="held")
for name in ("botocore", "prefect", "prefect.client", "prefect._internal", "prefect.flow_runs", "uvicorn.error", "x"):
    for level in ("info", "warning", "error"):
        getattr(logging.getLogger(name), level)("{PRIVATE} %s", "{PRIVATE}")
try:
    raise ValueError("{PRIVATE}")
except ValueError:
    logging.getLogger("pypdf").exception("{PRIVATE}")
warnings.warn("{PRIVATE}")
def end():
    raise KeyError("{PRIVATE}")
thread = threading.Thread(target=end, name="sweep")
thread.start()
thread.join()
"""


def test_every_line_is_one_object_and_no_librarys_words_get_in(tmp_path: Path) -> None:
    """Prefect's console lines hold names of files; warnings and errors may quote a page."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FUWEN_"))}
    run = subprocess.run(
        [sys.executable, "-c", SPEAKERS],
        cwd=ROOT,
        env=clean | {"FUWEN_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""
    assert PRIVATE not in run.stderr
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert lines[0] == {
        "event": "reply.settled",
        "level": "info",
        "outcome": "held",
        "timestamp": lines[0]["timestamp"],
    }
    said = {(line.get("logger"), line["level"]) for line in lines if line["event"] == "library.said"}
    assert {("botocore", "warning"), ("botocore", "error"), ("prefect.client", "error")} <= said
    assert not any("flow_runs" in (logger or "") for logger, _ in said)
    [failed] = [line for line in lines if line.get("logger") == "pypdf"]
    assert (failed["error"], failed["level"]) == ("ValueError", "error")
    [ended] = [line for line in lines if line["event"] == "thread.ended"]
    assert (ended["thread"], ended["error"]) == ("sweep", "KeyError")
    assert "library.warned" in {line["event"] for line in lines}
