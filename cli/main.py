"""`fuwen …`: the command table. Knows the commands' names and first lines; loads one only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from cli.speech import Language, say


class Command(NamedTuple):
    """One command: where it lives and what it does in one line."""

    module: str
    zh: str
    en: str


COMMANDS: dict[str, Command] = {
    "demo": Command(
        "cli.demo", "在本机演示全程：投放样例，看每一件的去向", "show the whole journey here, with the samples"
    ),
    "up": Command("cli.up", "在本机正式运行：存储、Prefect、收件、办理", "the same stack for real use on one machine"),
    "read": Command("cli.read", "试读文件，不写入任何地方", "dry run: what was read and what review found"),
    "drop": Command("cli.drop", "把文件放进收件桶", "put files in the inbox"),
    "backfill": Command("cli.backfill", "成批投放存量文件，可续", "drop many files, with progress, resumable"),
    "correct": Command("cli.correct", "以新文件更正已公开的复文", "replace a published reply by a corrected file"),
    "withdraw": Command("cli.withdraw", "撤回已公开的复文，并说明原因", "take a reply down, and say why"),
    "purge": Command("cli.purge", "清除已公开的复文，不说明原因", "take a reply down, and say nothing"),
    "status": Command(
        "cli.status", "收到、公开、搁置、退回、逾期各多少", "received, published, held, rejected, overdue"
    ),
    "review": Command("cli.review", "查看待审的文件并作出决定", "what waits for a person, and the person's decision"),
    "doctor": Command("cli.doctor", "检查存储、服务、信任锚、日历", "prove the store, the server, the trust anchors"),
    "verify": Command("cli.verify", "核对公开桶里的每一个摘要", "check every digest in the public bucket"),
    "rebuild": Command("cli.rebuild", "重建页面、目录、检索和订阅源", "make everything derived again"),
    "export": Command("cli.export", "导出公开的全部复文，供档案部门接收", "all that is public, as a bag for archives"),
    "watch": Command("cli.watch", "收件：接收通知并定时清点收件桶", "intake: notifications and the sweep of the inbox"),
    "work": Command("cli.work", "办理：执行 Prefect 里的运行", "execute the runs that Prefect has for us"),
    "setup-store": Command("cli.setup_store", "建桶并证明写入方式", "make the buckets, publish the portal's files"),
}


class CommandModule(Protocol):
    """What a command's module offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the exit status: 0 done, 1 something was refused or failed, 2 wrong usage."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and answer with its exit status; never with a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    language = Language.of_environment()
    if not words:
        print(_overview(language), file=sys.stderr)
        return 2
    if words[0] in {"-h", "--help", "help"}:
        print(_overview(language))
        return 0
    if words[0] in {"-V", "--version"}:
        return _version()
    command = COMMANDS.get(words[0])
    if command is None:
        say(f"没有这个命令：{words[0]}。", f"There is no command {words[0]}.", error=True)
        print(_overview(language), file=sys.stderr)
        return 2
    return _run(command, words, language)


def _run(command: Command, words: list[str], language: Language) -> int:
    from cli.usage import Usage

    module: CommandModule = importlib.import_module(command.module)
    parser = Usage(f"fuwen {words[0]}", command.en if language is Language.ENGLISH else command.zh)
    module.arguments(parser)
    args = parser.parse_args(words[1:])
    try:
        return module.run(args)
    except KeyboardInterrupt:
        say("已停止。", "Stopped.", error=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the last place: an operator gets a sentence, the log file the traceback
        from cli.trouble import explain

        return explain(error, words[0])


def _overview(language: Language) -> str:
    english = language is Language.ENGLISH
    head = "Fuwen 复文: publishes government replies" if english else "复文：建议提案办理复文的公开"
    usage = "usage: fuwen COMMAND [--help]" if english else "用法：fuwen 命令 [--help]"
    rows = [f"  {name:<12} {command.en if english else command.zh}" for name, command in COMMANDS.items()]
    return "\n".join([head, "", usage, "", *rows])


def _version() -> int:
    from importlib.metadata import version

    print(f"fuwen {version('fuwen')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
