"""When something is broken: one plain sentence for the person, the traceback for the log file."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from cli.speech import Language, say, words


def explain(error: Exception, command: str) -> int:
    """Say what is broken; the exit status is 2 for wrong settings, else 1."""
    if sentence := _plain(error):
        say(sentence, sentence, error=True)
        return 2 if getattr(error, "title", None) == "Settings" else 1
    log = _keep_traceback(error, command)
    where = str(log) if log else words("（日志也写不进去）", "(the log could not be written either)")
    say(
        f"程序出错，已停止：{type(error).__name__}。没有文件丢失，可以重新运行。详情：{where}",
        f"The program failed and stopped: {type(error).__name__}. No file is lost; run it again. Details: {where}",
        error=True,
    )
    return 1


def _plain(error: Exception) -> str | None:
    if getattr(error, "title", None) == "Settings" and hasattr(error, "errors"):
        wrong = ", ".join("FUWEN_" + ".".join(map(str, each["loc"])).upper() for each in error.errors())
        return words(f"设置有误：{wrong}。", f"These settings are wrong: {wrong}.")
    english = getattr(error, "en", None)
    if isinstance(english, str):  # our own errors of a broken world speak both languages
        return english if Language.of_environment() is Language.ENGLISH else str(error)
    if isinstance(error, OSError) and error.strerror:
        place = f" ({error.filename})" if error.filename else ""
        return words(f"系统错误：{error.strerror}{place}。", f"The system says: {error.strerror}{place}.")
    return None


def _keep_traceback(error: Exception, command: str) -> Path | None:
    folder = Path(os.environ.get("FUWEN_DATA_DIR", ".fuwen")) / "logs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"error-{command}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
        path.touch(mode=0o600)  # an error's words may quote what they stumbled over
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return None
    return path
