"""When something is broken: one plain sentence for the person, the traceback for the log file."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.speech import Language, say, words
from cli.system_reason import system_reason

_WRONG_SETTINGS = frozenset({"Settings", "RulesError", "TrustFolderError"})
_SETTING = {
    "int_parsing": ("应是整数", "must be a whole number"),
    "int_from_float": ("应是整数", "must be a whole number"),
    "float_parsing": ("应是数字", "must be a number"),
    "greater_than_equal": ("不得小于 {ge}", "must be at least {ge}"),
    "greater_than": ("必须大于 {gt}", "must be greater than {gt}"),
    "less_than_equal": ("不得大于 {le}", "must be at most {le}"),
    "literal_error": ("只能是 {expected}", "must be {expected}"),
}


def explain(error: Exception, command: str) -> int:
    """Say what is broken; the exit status is 2 for wrong settings, else 1."""
    if sentence := plain(error):
        say(sentence, sentence, error=True)
        return 2 if _kind(error) in _WRONG_SETTINGS else 1
    log = _keep_traceback(error, command)
    where = str(log) if log else words("（日志也写不进去）", "(the log could not be written either)")
    say(
        f"程序出错，已停止：{type(error).__name__}。没有文件丢失，可以重新运行。详情：{where}",
        f"The program failed and stopped: {type(error).__name__}. No file is lost; run it again. Details: {where}",
        error=True,
    )
    return 1


def _kind(error: Exception) -> str:
    """The name of the error, or of the model that did not take its values."""
    return str(getattr(error, "title", type(error).__name__))


def plain(error: Exception) -> str | None:
    """What is broken, in the person's language; None for what we did not foresee."""
    if _kind(error) == "Settings" and hasattr(error, "errors"):
        wrong = words("；", "; ").join(map(_setting, error.errors()))
        return words(f"设置有误：{wrong}。", f"These settings are wrong: {wrong}.")
    if _kind(error) == "RulesError":
        return words(f"规则表有误：{error}。", f"A table cannot be used: {error}.")
    if _kind(error) == "ReaderUnavailableError":
        return words(
            "读取 PDF 的子进程无法启动。请管理员检查安装，运行 fuwen doctor 可查明。",
            "The process that reads PDFs does not start; check the installation with fuwen doctor.",
        )
    english = getattr(error, "en", None)
    if isinstance(english, str):  # our own errors of a broken world speak both languages
        return english if Language.of_environment() is Language.ENGLISH else str(error)
    if isinstance(error, OSError) and error.strerror:
        place = error.filename or words("系统", "the system")
        return words(f"{place}：{system_reason(error)}。", f"{place}: {system_reason(error)}.")
    return None


def _setting(wrong: dict[str, Any]) -> str:
    """What is wrong with one setting. Never its value: that may be a secret."""
    name = "FUWEN_" + ".".join(map(str, wrong["loc"])).upper()
    reason = words(*_SETTING.get(wrong["type"], ("的值不对", "has a wrong value"))).format_map(wrong.get("ctx", {}))
    return f"{name} {reason}".replace(" or ", words(" 或 ", " or "))


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
