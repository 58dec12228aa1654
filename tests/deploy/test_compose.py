"""The compose file is true: it parses, its commands and settings exist, it keeps no secret and grants the least."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.pdf.trust import load_trust
from adapters.store import store_probe
from cli.main import COMMANDS
from config.rules import load_rules
from config.settings import Settings
from deploy.bucket_policies import bucket_policies
from domain.publication.object_keys import CATALOGUE, OPEN

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
ONE_SHOT = {"accounts", "setup", "policies"}
ACCOUNTS = {
    "inbox": "fuwen-inbox",
    "vault": "fuwen-vault",
    "public": "fuwen-public",
    "office": "office",
    "withdraw": "who",
}
POLICIES = bucket_policies({"inbox": "in", "vault": "va", "public": "pu"}, ACCOUNTS)


def environments() -> Iterator[tuple[str, str, str]]:
    """Service, name and value of every environment variable."""
    for service, definition in SERVICES.items():
        for name, value in definition.get("environment", {}).items():
            yield service, name, str(value)


def test_every_command_of_ours_exists() -> None:
    """A service that runs `fuwen …` runs a command of the command table, and the three that matter are there."""
    ours = {name: words for name, words in commands() if words[0] == "fuwen"}
    assert {words[1] for words in ours.values()} == {"setup-store", "watch", "work"}
    assert all(words[1] in COMMANDS for words in ours.values())


def commands() -> Iterator[tuple[str, list[str]]]:
    """Service and command line, where one is given."""
    for name, definition in SERVICES.items():
        if "command" in definition:
            yield name, definition["command"]


@pytest.mark.parametrize("service", ["prefect", "prefect-services"])
def test_every_command_of_prefect_exists(service: str) -> None:
    """Prefect's own commands take the options that they are given."""
    words = SERVICES[service]["command"]
    options = [word for word in words if word.startswith("--")]
    order = [word for word in words[1:4] if not word.startswith("-")]
    prefect = Path(sys.executable).with_name("prefect")
    said = subprocess.run([prefect, *order, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(option in said for option in options)


def test_every_setting_of_ours_exists() -> None:
    """Each FUWEN_ name in the compose file is a field of the settings; a misspelt one would be ignored silently."""
    fields = {f"FUWEN_{field.upper()}" for field in Settings.model_fields}
    named = {name for _, name, _ in environments() if name.startswith("FUWEN_")}
    assert named <= fields
    assert set(re.findall(r"FUWEN_[A-Z_]+", (ROOT / "Dockerfile").read_text("utf-8"))) <= fields


def test_every_setting_of_prefect_exists() -> None:
    """Each PREFECT_ name is one that this version of Prefect, or its Redis part, reads."""
    from prefect.settings import Settings as PrefectSettings

    redis = import_module("prefect_redis.client").RedisMessagingSettings

    known = set(_names(PrefectSettings)) | {f"PREFECT_REDIS_MESSAGING_{n.upper()}" for n in redis.model_fields}
    assert {name for _, name, _ in environments() if name.startswith("PREFECT_")} <= known


def _names(settings: Any) -> Iterator[str]:
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in settings.model_fields.items():
        if hasattr(field.annotation, "model_fields"):
            yield from _names(field.annotation)
        yield f"{prefix}{name}".upper()


@pytest.mark.parametrize("module", ["prefect_redis.messaging", "prefect_redis.ordering", "prefect_redis.lease_storage"])
def test_the_parts_behind_prefect_are_installed(module: str) -> None:
    """What the compose file names as Prefect's broker, ordering and leases can be imported from our lock."""
    assert module in {value for _, _, value in environments()}
    assert import_module(module).__name__ == module


def test_no_secret_is_in_the_file() -> None:
    """Every secret comes from .env, whose example leaves it empty, and is demanded: nothing starts without it."""
    for service, name, value in environments():
        if re.search(r"SECRET|PASSWORD|AUTH_STRING|ACCESS_KEY", name):
            assert re.fullmatch(r"\$\{[A-Z0-9_]+:\?set in \.env\}", value), f"{service} {name}"
    secrets = re.findall(r"^([A-Z0-9_]*(?:SECRET|PASSWORD)[A-Z0-9_]*)=(.*)$", EXAMPLE, re.MULTILINE)
    assert secrets
    assert not [name for name, value in secrets if value]


def test_everything_demanded_is_in_the_example() -> None:
    """Whoever copies .env.example has every name that the compose file uses, and no other."""
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert used == set(re.findall(r"^([A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def test_images_are_pinned() -> None:
    """An image of others is named with its version and its digest, in the compose file and in the Dockerfile."""
    images = {definition["image"] for definition in SERVICES.values()} - {"fuwen:local"}
    images |= set(re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE))
    assert images
    assert all(re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image) for image in images)


def test_what_serves_lives_on_and_is_watched() -> None:
    """Every lasting service restarts; all but those without a port have a health check; one-shot ones end for good."""
    for name, definition in SERVICES.items():
        if name in ONE_SHOT:
            assert definition["restart"] == "no"
            assert "healthcheck" not in definition
        else:
            assert definition["restart"] == "unless-stopped"
            assert ("healthcheck" in definition) == (name not in {"worker", "prefect-services"})


def test_nothing_is_open_to_the_network_unless_asked() -> None:
    """Ports are offered on this machine's loopback unless .env says otherwise."""
    for definition in SERVICES.values():
        for port in definition.get("ports", []):
            assert re.fullmatch(r"\$\{[A-Z0-9_]+:-127\.0\.0\.1:\d+\}:\d+", port)


def test_those_who_open_files_reach_nothing_beyond() -> None:
    """Workers and watcher are on internal networks only, have no root account, no capability and a read-only disk."""
    for name in ("watcher", "worker"):
        service = SERVICES[name]
        assert all(COMPOSE["networks"][network].get("internal") for network in service["networks"])
        assert not [value for of, _, value in environments() if of == name and "ROOT" in value]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


def test_all_workers_share_the_lock() -> None:
    """Watcher and workers mount one named volume where the writer's lock lies."""
    assert "lock" in COMPOSE["volumes"]
    locks = {
        name for name, definition in SERVICES.items() if "lock:/var/lib/fuwen/lock" in definition.get("volumes", [])
    }
    assert locks == {"watcher", "worker", "setup"}
    assert "FUWEN_LOCK_DIR=/var/lib/fuwen/lock" in (ROOT / "Dockerfile").read_text("utf-8")


def test_files_that_are_mounted_exist() -> None:
    """What the compose file mounts from this folder is in this folder."""
    for definition in SERVICES.values():
        for volume in definition.get("volumes", []):
            source = re.sub(r"^\$\{[A-Z_]+:-([^}]*)\}", r"\1", volume).split(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists()


def test_the_folders_as_they_come_change_nothing() -> None:
    """With the folders as they are in this repository, the packaged rules hold and no certificate is trusted."""
    assert load_rules(ROOT / "deploy" / "config") == load_rules()
    assert load_trust(ROOT / "deploy" / "trust").certificates == ()


def test_the_image_holds_every_package_and_nothing_private() -> None:
    """Each package of the wheel is copied into the image, and only what is named gets to the builder."""
    packages = re.search(r"packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text("utf-8").split("wheel]")[1])
    assert packages
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignore
    assert "!.env" not in ignore
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    for package in re.findall(r'"(\w+)"', packages[1]):
        assert f"COPY {package} /src/{package}" in dockerfile
        assert f"!{package}" in ignore


def allowed(bucket: str, account: str, action: str, key: str | None) -> bool:
    """Whether the policy lets the account do it, as S3 evaluates policies without a Deny."""
    arn = f"arn:aws:s3:::{bucket}" + (f"/{key}" if key is not None else "")
    for rule in POLICIES[bucket]["Statement"]:
        principals = ["*"] if rule["Principal"] == "*" else rule["Principal"]["AWS"]
        names_it = account in principals or "*" in principals
        if names_it and f"s3:{action}" in rule["Action"] and any(fnmatchcase(arn, one) for one in rule["Resource"]):
            return True
    return False


@pytest.mark.parametrize(
    ("bucket", "account", "action", "key", "may"),
    [
        ("in", "office", "PutObject", "更正/答复.pdf", True),
        ("in", "office", "GetObject", "答复.pdf", False),
        ("in", "office", "DeleteObject", "答复.pdf", False),
        ("in", "office", "ListBucket", None, False),
        ("in", "fuwen-inbox", "GetObject", "答复.pdf", True),
        ("in", "fuwen-inbox", "ListBucket", None, True),
        ("in", "fuwen-inbox", "DeleteObject", "答复.pdf", True),
        ("in", "fuwen-inbox", "PutObject", "答复.pdf", False),
        ("in", "fuwen-inbox", "PutObject", f"{store_probe.PREFIX}x/1", True),
        ("in", "nobody", "GetObject", "答复.pdf", False),
        ("va", "fuwen-vault", "PutObject", "originals/ab/x", True),
        ("va", "fuwen-vault", "DeleteObject", "originals/ab/x", False),
        ("va", "fuwen-vault", "DeleteObject", f"{OPEN}x.json", True),
        ("va", "fuwen-vault", "DeleteObject", f"{store_probe.PREFIX}x/1", True),
        ("va", "fuwen-public", "GetObject", "originals/ab/x", False),
        ("va", "nobody", "GetObject", "originals/ab/x", False),
        ("pu", "fuwen-public", "PutObject", "doc/x/ab.pdf", True),
        ("pu", "fuwen-public", "DeleteObject", "doc/x/ab.pdf", False),
        ("pu", "fuwen-public", "DeleteObject", "log/entries/000000000/000000000001.json", False),
        ("pu", "fuwen-public", "DeleteObject", "log/checkpoint", False),
        ("pu", "fuwen-public", "DeleteObject", "tile/entries/000", False),
        ("pu", "fuwen-public", "DeleteObject", "tile/entries/000.p/12", True),
        ("pu", "fuwen-public", "DeleteObject", "r/x.html", True),
        ("pu", "fuwen-public", "DeleteObject", "doc/x/v1/manifest.json", False),
        ("pu", "fuwen-public", "DeleteObject", f"{CATALOGUE}000000.json", True),
        ("pu", "fuwen-public", "DeleteObject", f"{store_probe.PREFIX}x/1", True),
        ("pu", "nobody", "GetObject", "doc/x/ab.pdf", True),
        ("pu", "nobody", "ListBucket", None, False),
        ("pu", "nobody", "PutObject", "doc/x/ab.pdf", False),
        ("pu", "fuwen-inbox", "PutObject", "doc/x/ab.pdf", False),
        ("pu", "fuwen-public", "PutBucketPolicy", None, False),
        ("pu", "who", "DeleteObject", "doc/x/ab.pdf", True),
        ("pu", "who", "DeleteObject", "log/entries/000000000/000000000001.json", False),
        ("pu", "who", "DeleteObject", "tile/entries/000", False),
        ("pu", "who", "PutObject", "doc/x/ab.pdf", False),
        ("in", "who", "GetObject", "x", False),
        ("va", "who", "GetObject", "x", False),
    ],
)
def test_each_account_may_the_least(bucket: str, account: str, action: str, key: str | None, *, may: bool) -> None:
    """Who may do what, case by case: nobody can both read the inbox and write to the public bucket."""
    assert allowed(bucket, account, action, key) is may


def test_policies_are_such_as_the_store_takes() -> None:
    """VersityGW wants an ARN of this bucket in each resource, and bucket actions apart from object actions."""
    for bucket, policy in POLICIES.items():
        for rule in policy["Statement"]:
            objects = {"/" in resource for resource in rule["Resource"]}
            assert all(resource.startswith(f"arn:aws:s3:::{bucket}") for resource in rule["Resource"])
            assert len(objects) == 1
            assert objects == {any("Object" in action or "Multipart" in action for action in rule["Action"])}
