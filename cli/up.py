"""`fuwen up`: the stack for real use on one machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import time

from cli.speech import say, words


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(args: argparse.Namespace) -> int:
    """Start what the settings do not place elsewhere, say the addresses, and watch over it."""
    from rich.console import Console

    from cli import running
    from cli.signals import ended_by_signals
    from cli.stack import Stack
    from config.settings import Settings

    console = Console(highlight=False)
    settings = Settings()
    if settings.trust_dir is None:
        say(
            "提醒：没有设置 FUWEN_TRUST_DIR，任何签名都不可信，任何文件都不会公开。",
            "Note: FUWEN_TRUST_DIR is not set; no signature is trusted and nothing will be published.",
            error=True,
        )
    with ended_by_signals(), Stack(settings) as stack:
        with console.status(words("正在启动…", "starting…")) as status:
            stack.start(lambda zh, en: status.update(words(zh, en) + "…"))
        running.write_down(stack.settings)
        try:
            say(f"门户：{stack.portal_url}", f"portal: {stack.portal_url}")
            say(f"Prefect 界面：{stack.prefect_url}", f"Prefect UI: {stack.prefect_url}")
            say("用 fuwen drop 投放文件；按 Ctrl-C 结束。", "Drop files with fuwen drop; Ctrl-C ends it.")
            while True:
                stack.watch()
                time.sleep(1)
        finally:
            running.forget(stack.settings)
