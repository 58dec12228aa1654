"""Settings: a secret stays one, and each bucket has its own credentials where it has any."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from config.settings import Settings
from domain.publication.site_particulars import Site


def _settings(**given: object) -> Settings:
    return Settings.model_validate(given)


def test_a_bucket_has_its_own_credentials_and_else_the_common_ones() -> None:
    settings = _settings(s3_access_key="all", s3_secret_key="a", vault_access_key="vault", vault_secret_key="v")
    assert settings.credentials("vault") == ("vault", "v")
    assert settings.credentials("inbox") == ("all", "a")


def test_half_a_credential_is_none() -> None:
    assert _settings(s3_access_key="all").credentials("public") is None


def test_no_secret_is_shown_by_accident() -> None:
    told = ("secret", "token", "signing_key")
    names = [name for name in Settings.model_fields if any(word in name for word in told) and "file" not in name]
    assert len(names) == 8
    shown = _settings(**dict.fromkeys(names, "hush-hush"))
    assert "hush-hush" not in f"{shown!r} {shown} {shown.model_dump()} {shown.model_dump_json()}"


@pytest.mark.parametrize(
    "wrong", [{"documents_at_once": 0}, {"sweep_seconds": 0}, {"events_port": 70000}, {"lang": "fr"}]
)
def test_a_setting_that_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _settings(**wrong)


def test_an_empty_setting_is_none_and_says_nothing_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose hands on what `.env` leaves empty."""
    for name in ("SITE_NAME", "SITE_ID_CODE", "SITE_DOMAIN"):
        monkeypatch.setenv(f"FUWEN_{name}", "")
    site = Settings(public_url="https://public.example/replies").site()
    assert (site.name, site.id_code, site.domain) == (Site().name, None, None)
    assert site.base_url == "https://public.example/replies/"
