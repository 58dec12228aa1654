"""`fuwen setup-store`: the buckets, what each was proved to keep, and the portal's own files."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cli.speech import say

if TYPE_CHECKING:
    from adapters.store.object_store import Bucket
    from config.settings import Settings
    from tasks.premises import BucketName

_BUCKETS: tuple[BucketName, ...] = ("inbox", "vault", "public")


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(args: argparse.Namespace) -> int:
    """Make what is missing; again changes nothing."""
    from cli.running import settings_here
    from tasks.premises import proven_capabilities

    settings = settings_here()
    if not set_up(settings):
        say(
            "站点的名称、网址等设置有变，已公开的页面和订阅源仍按原来的；请运行 fuwen rebuild。",
            "Name, address or the like of the site have changed; what is public follows them after fuwen rebuild.",
        )
    for which in _BUCKETS:
        name = getattr(settings, f"{which}_bucket")
        found = proven_capabilities(settings, which)
        say(f"{name}：{found.explanation}", f"{name}: {found.explanation_en}")
    return 0


def set_up(settings: Settings) -> bool:
    """Make the buckets that are missing, and bring the portal's page and the schemas to the public one.

    False: what is public follows other particulars of the site than the settings tell, until it is rebuilt.
    """
    from tasks.premises import bucket

    for which in _BUCKETS:
        _make(bucket(settings, which))
    public = bucket(settings, "public")
    agrees = _site_agrees(settings, public)
    for key, body, media_type in (*_schemas(), *_portal(public), _public_keys(settings, public)):
        _bring(public, key, body, media_type)
    return agrees


def renew_portal(public: Bucket) -> int:
    """Let the portal's own files, where they stand, say of the site what the bucket says; how many have changed."""
    standing = [each for each in _portal(public) if public.head(each[0]) is not None]
    return sum(_bring(public, key, body, media_type) for key, body, media_type in standing)


def _site_agrees(settings: Settings, public: Bucket) -> bool:
    """Bring `site.json`, unless something that it describes is public already."""
    from adapters.record.record_repair import site_stands, write_site

    if not site_stands(settings.site(), public):
        return False
    write_site(public, settings.site())
    return True


def _make(bucket: Bucket) -> None:
    from botocore.exceptions import ClientError

    from adapters.store.store_errors import is_missing, plain_errors

    with plain_errors(bucket.name):
        try:
            bucket.client.head_bucket(Bucket=bucket.name)
        except ClientError as error:
            if not is_missing(error):
                raise
            bucket.client.create_bucket(Bucket=bucket.name)


def _schemas() -> list[tuple[str, bytes, str]]:
    from importlib.resources import files

    return [
        (f"schemas/{path.name}", path.read_bytes(), "application/json")
        for path in sorted(files("schemas").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".json")
    ]


def _portal(public: Bucket) -> list[tuple[str, bytes, str]]:
    from domain.publication.site_particulars import site_of
    from portal import portal_files

    def standing(key: str) -> bytes | None:
        found = public.get_with_head(key)
        return found[0] if found else None

    return list(portal_files(site_of(standing)))


def _public_keys(settings: Settings, public: Bucket) -> tuple[str, bytes, str]:
    """The keys that sign now, before those that ever did: older manifests are still to be checked."""
    from adapters.record.publisher_key import make_key_file
    from adapters.record.schema_check import check
    from domain.publication.canonical_json import canonical_json, parse_json
    from domain.publication.object_keys import LOG_KEYS, schema_key
    from tasks.premises import publisher_key, signing_key_file

    if settings.signing_key is None:
        make_key_file(signing_key_file(settings))
    key = publisher_key(settings)
    found = public.get_with_head(LOG_KEYS)
    known = parse_json(found[0])["keys"] if found else []
    keys = list(dict.fromkeys([*key.verifier_keys, *known]))
    document = {"schema": schema_key("log-keys-1"), "origin": key.name, "keys": keys}
    check("log-keys-1", document)
    return LOG_KEYS, canonical_json(document), "application/json"


def _bring(bucket: Bucket, key: str, body: bytes, media_type: str) -> bool:
    """Write the object unless it is there; whether it was written."""
    found = bucket.get_with_head(key)
    if found is not None and found[0] == body:
        return False
    bucket.put(key, body, content_type=media_type, cache_control="no-cache")
    return True
