"""`fuwen purge REPLY-ID`: take a reply down and say nothing about it: only that something was there."""

from __future__ import annotations

import argparse

from cli.speech import words
from cli.withdraw import order_arguments, take_down


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("reply_id", metavar="REPLY-ID", help=words("已公开复文的编号", "id of the published reply"))
    order_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Take it down and prove that it is gone."""
    return take_down(args, None)
