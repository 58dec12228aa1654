"""`fuwen rebuild`: everything derived again, from the log and the manifests, as the settings describe the site."""

from __future__ import annotations

import argparse

from cli.speech import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(args: argparse.Namespace) -> int:
    """Mend what is missing or wrong; again changes nothing."""
    from adapters.record.public_record import PublicRecord
    from adapters.record.record_repair import rebuild
    from cli.running import settings_here
    from cli.setup_store import renew_portal
    from tasks.premises import proven_bucket, publisher_key, writer_lock

    settings = settings_here()
    public = proven_bucket(settings, "public")
    with writer_lock(settings):
        done = rebuild(PublicRecord(public, publisher_key(settings)), settings.site())
        renewed = renew_portal(public)
    mended = len(done.written) + len(done.removed) + renewed
    say(
        f"{done.replies} 件复文，重写或移除 {mended} 个对象。",
        f"{done.replies} replies; {mended} objects were written again or removed.",
    )
    return 0
