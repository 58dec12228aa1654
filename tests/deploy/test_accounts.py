"""The script that makes the store's accounts, run with a stand-in for the store's own tool."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Creates an account once; a second creation fails, as the gateway's does. Keeps accounts as files.
STAND_IN = """#!/bin/sh
[ "$1" = admin ] || exit 2
file="$ACCOUNTS/$4"
case "$2" in
create-user) [ -e "$file" ] && exit 1 ;;
update-user) [ -e "$file" ] || exit 1 ;;
*) exit 2 ;;
esac
[ "$3 $5 $7 $8" = "--access --secret --role user" ] || exit 2
printf %s "$6" > "$file"
"""
SECRETS = {"INBOX": "s-in", "VAULT": "s-va", "PUBLIC": "s-pu", "OFFICE": "s-of", "WITHDRAW": "s-wi"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A folder with the stand-in on the path and a folder for accounts."""
    tool = tmp_path / "bin" / "versitygw"
    tool.parent.mkdir()
    tool.write_text(STAND_IN)
    tool.chmod(0o755)
    (tmp_path / "accounts").mkdir()
    return tmp_path


def run(store: Path, secrets: dict[str, str]) -> int:
    environment = {"PATH": f"{store / 'bin'}:{os.environ['PATH']}", "ACCOUNTS": str(store / "accounts")}
    for name, secret in secrets.items():
        environment |= {f"{name}_ACCESS_KEY": f"key-{name.lower()}", f"{name}_SECRET_KEY": secret}
    return subprocess.run(["sh", ROOT / "deploy" / "accounts.sh"], env=environment, check=False).returncode


def accounts(store: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (store / "accounts").iterdir()}


def test_accounts_are_made_and_renewed(store: Path) -> None:
    """The first run makes an account for each bucket and one for the office; the next gives them the new secrets."""
    assert run(store, SECRETS) == 0
    assert accounts(store) == {f"key-{name.lower()}": secret for name, secret in SECRETS.items()}
    assert run(store, SECRETS | {"VAULT": "renewed"}) == 0
    assert accounts(store)["key-vault"] == "renewed"
    assert accounts(store)["key-inbox"] == "s-in"


def test_a_missing_secret_stops_it(store: Path) -> None:
    """Without a secret the script fails instead of making an account without one."""
    assert run(store, {name: secret for name, secret in SECRETS.items() if name != "PUBLIC"}) != 0
    assert "key-public" not in accounts(store)
