"""How a command's own help and complaints are worded: argparse speaks only English by itself."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Final, NoReturn

from cli.speech import say, words

_COMPLAINTS: Final = (
    (re.compile(r"the following arguments are required: (.*)"), r"缺少参数：\1"),
    (re.compile(r"unrecognized arguments: (.*)"), r"不认识的参数：\1"),
    (re.compile(r"argument (.*): expected (?:one|at least one) argument"), r"\1 后面缺少内容"),
    (re.compile(r"argument (.*?): invalid .* value: (.*)"), r"\1 的内容不对：\2"),
    (re.compile(r"argument (.*?): (.*)"), r"\1：\2"),
)


class Usage(argparse.ArgumentParser):
    """A parser that speaks the person's language and exits with 2 on wrong usage."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, formatter_class=_Layout, add_help=False)
        self.add_argument("-h", "--help", action="help", help=words("显示这段说明", "show this and stop"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how it is right."""
        say(f"用法不对：{_in_chinese(message)}。", f"Wrong usage: {message}.", error=True)
        self.exit(2, self.format_usage())


class _Layout(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or words("用法：", "usage: "))

    def start_section(self, heading: str | None) -> None:
        chinese = {"positional arguments": "参数", "options": "选项"}.get(heading or "", heading)
        super().start_section(words(chinese or "", heading or ""))


def _in_chinese(message: str) -> str:
    for pattern, chinese in _COMPLAINTS:
        if found := pattern.fullmatch(message):
            return found.expand(chinese)
    return message
