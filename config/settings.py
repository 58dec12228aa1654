"""Settings: what differs from one office to the next. Environment variables `FUWEN_…`, or a `.env` file.

Everything has a default that works on one machine with the embedded store; a secret never has one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.publication.site_particulars import SITE_NAME, Site


class Settings(BaseSettings):
    """One office's settings. Nothing is read from the environment on import: make one at the entry point."""

    model_config = SettingsConfigDict(env_prefix="FUWEN_", env_file=".env", env_ignore_empty=True, extra="ignore")

    lang: Literal["zh-CN", "en"] = "zh-CN"
    """Language of what is said to a person. For commands only as an environment variable: `.env` is read later."""
    data_dir: Path = Path(".fuwen")
    """The embedded store, locks, logs and Prefect's database on this machine."""
    config_dir: Path | None = None
    """The office's own tables (authorities, vocabularies, grades, calendar), laid over the packaged ones."""
    trust_dir: Path | None = None
    """Folder of trust anchors (PEM or DER). The system's anchors are never used. None: nothing is trusted."""
    crl_dir: Path | None = None
    """Folder of certificate revocation lists. When set, a certificate without a fresh one is not accepted."""
    crl_patience_hours: float = Field(24.0, ge=0)
    """So long after its arrival a letter waits for a fresh list, tried again and again; then a person decides."""

    # --- stores ---------------------------------------------------------------------------------------------------
    s3_endpoint_url: str | None = None
    """None: the embedded store on this machine."""
    s3_region: str = "us-east-1"
    s3_access_key: str | None = None
    """For all three buckets, unless a bucket has its own below."""
    s3_secret_key: SecretStr | None = None
    inbox_bucket: str = "inbox"
    inbox_access_key: str | None = None
    inbox_secret_key: SecretStr | None = None
    vault_bucket: str = "vault"
    vault_access_key: str | None = None
    vault_secret_key: SecretStr | None = None
    public_bucket: str = "public"
    public_access_key: str | None = None
    public_secret_key: SecretStr | None = None
    public_url: str | None = Field(None, pattern=r"^https?://[A-Za-z0-9._~:/%\[\]@-]+$")
    """Where the world reads the public bucket; links in the Prefect UI lead there. None: the embedded one."""
    store_folder: Path | None = None
    """Where the embedded store keeps its files, if it is used: a full disk is told from it."""
    lock_dir: Path | None = None
    """Folder of the writer's lock, shared by all workers of a store without conditional writes. None: in data_dir."""

    # --- the publisher's signature --------------------------------------------------------------------------------
    signing_key: SecretStr | None = None
    """Ed25519 key that signs manifests and the change log: PEM (PKCS #8), or 32 bytes in base64."""
    signing_key_file: Path | None = None
    """The same in a file. None: `keys/publisher.pem` in data_dir, made at set-up."""
    signing_key_before: SecretStr | None = None
    """The key before this one. It signs as well until consumers have pinned the new one."""
    log_origin: str = Field("fuwen", pattern=r"^[^\s+]+$")
    """Name of the change log and of its keys, such as a host name. Never to be changed once something is published."""

    # --- withdrawal ---------------------------------------------------------------------------------------------
    withdraw_access_key: str | None = None
    """A credential that may delete published content. None: the public bucket's own is used."""
    withdraw_secret_key: SecretStr | None = None
    withdrawals_per_day: int = Field(5, ge=1)
    """How many replies one person may take down in a day; more need a second person."""
    withdrawals_share: float = Field(0.01, gt=0, le=1)
    """The same as a share of all replies that were ever public; the lesser counts, but one is always allowed."""

    # --- intake ---------------------------------------------------------------------------------------------------
    correction_prefix: str = "更正/"
    """A file dropped under this prefix is meant as a correction of a published reply."""
    settle_seconds: float = Field(5.0, ge=0)
    """An object is taken once its size and time stand still this long."""
    sweep_seconds: float = Field(30.0, gt=0)
    """How often the inbox is listed, whatever notifications came."""
    crowd_from: int = Field(20, ge=2)
    """So many files that are whole at the same time share one run; fewer have a run each from the start."""
    events_host: str = "127.0.0.1"
    events_port: int = Field(8788, ge=0, le=65535)
    """0: any free port."""
    events_token: SecretStr | None = None
    """Shared secret of `POST /events`. None: notifications are refused, the sweep does the work."""

    # --- work -----------------------------------------------------------------------------------------------------
    prefect_api_url: str | None = None
    """None: the server that `fuwen up` starts on this machine."""
    prefect_ui_url: str | None = None
    work_pool: str = "fuwen"
    documents_at_once: int = Field(2, ge=1, le=64)
    readers: int = Field(2, ge=1, le=64)
    """Bounded child processes that read PDFs."""
    reading_seconds: float = Field(20.0, gt=0)
    """A document that takes longer to read is stopped and held."""
    reading_memory_mb: int = Field(1536, ge=256)
    max_file_mb: int = Field(64, ge=1)
    max_pages: int = Field(200, ge=1)

    # --- review ---------------------------------------------------------------------------------------------------
    review_link_minutes: int = Field(60, ge=2, le=7 * 24 * 60)
    """How long links to the pages of a held document open; they are renewed while it waits."""
    review_endpoint_url: str | None = None
    """Where a reviewer's browser reaches the store, if not at s3_endpoint_url."""

    # --- the site -------------------------------------------------------------------------------------------------
    # `site.json` tells them to everything that is derived. Its address is public_url. After a change: `fuwen rebuild`.
    site_name: str = Field(SITE_NAME, min_length=1)
    site_publisher: str | None = None
    """Who publishes, for catalogues of data. None: the name of the site."""
    site_domain: str | None = Field(None, pattern=r"^[A-Za-z0-9.-]+$")
    """网站域名, such as `www.example.gov.cn`."""
    site_id_code: str | None = Field(None, pattern=r"^[A-Za-z0-9]{10}$")
    """网站标识码."""
    site_column_name: str = Field(Site().column_name, min_length=1)
    site_column_type: str = Field(Site().column_type, min_length=1)
    site_column_description: str | None = None
    site_column_keywords: str | None = None
    site_licence_url: str | None = Field(None, pattern=r"^https?://\S+$")
    """Under what conditions the published objects may be used."""

    def credentials(self, bucket: Literal["inbox", "vault", "public"]) -> tuple[str, str] | None:
        """Access key and secret key for a bucket: its own where it has one, else the common one; None for none."""
        access = getattr(self, f"{bucket}_access_key") or self.s3_access_key
        secret = getattr(self, f"{bucket}_secret_key") or self.s3_secret_key
        return (access, secret.get_secret_value()) if access and secret else None

    def site(self) -> Site:
        """What is told of the site."""
        return Site(
            name=self.site_name,
            base_url=f"{self.public_url.rstrip('/')}/" if self.public_url else None,
            publisher=self.site_publisher,
            domain=self.site_domain,
            id_code=self.site_id_code,
            column_name=self.site_column_name,
            column_type=self.site_column_type,
            column_description=self.site_column_description,
            column_keywords=self.site_column_keywords,
            licence_url=self.site_licence_url,
        )
