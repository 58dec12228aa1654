"""`fuwen watch`: intake alone, for an office whose runs are executed elsewhere by `fuwen work`."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.speech import words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "--ready-file", type=Path, metavar="FILE", help=words("就绪后写入此文件", "written once it is at work")
    )


def run(args: argparse.Namespace) -> int:
    """Watch the inbox until SIGTERM or Ctrl-C; each new file gets its run, and nothing is read here."""
    from cli.running import names_a_server, settings_here
    from config.log_lines import write_log_lines
    from flows.office import watch

    settings = settings_here()
    if not names_a_server(settings):
        return 2
    write_log_lines()
    watch(settings, ready=lambda: args.ready_file and args.ready_file.touch())
    return 0
