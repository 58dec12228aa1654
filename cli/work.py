"""`fuwen work`: execute the runs that Prefect has for us; with --intake, watch the inbox as well."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.speech import words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("--intake", action="store_true", help=words("同时收件", "watch the inbox as well"))
    parser.add_argument(
        "--ready-file", type=Path, metavar="FILE", help=words("就绪后写入此文件", "written once it is at work")
    )


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C."""
    from cli.running import names_a_server, settings_here
    from config.log_lines import write_log_lines
    from flows.office import work

    settings = settings_here()
    if not names_a_server(settings):
        return 2
    write_log_lines()
    work(settings, intake=args.intake, ready=lambda: args.ready_file and args.ready_file.touch())
    return 0
