"""What the settings say about reading: how much it may cost, and whose signatures count. No store is needed for it."""

from __future__ import annotations

from pathlib import Path

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.trust import TrustAnchors, load_trust
from config.settings import Settings

_MEGABYTE = 1024 * 1024


def reading_limits(settings: Settings) -> ReadingLimits:
    """How much reading one document may cost."""
    return ReadingLimits(
        max_bytes=settings.max_file_mb * _MEGABYTE,
        max_pages=settings.max_pages,
        memory_bytes=settings.reading_memory_mb * _MEGABYTE,
        cpu_seconds=max(1, round(settings.reading_seconds)),
        total_seconds=settings.reading_seconds * 1.5,
        stall_seconds=settings.reading_seconds,
    )


def trust_anchors(settings: Settings, trust: Path | None = None, crls: Path | None = None) -> TrustAnchors:
    """The configured trust anchors, or those of other folders for once."""
    folder, lists = trust or settings.trust_dir, crls or settings.crl_dir
    return load_trust(folder, lists) if folder else TrustAnchors()


class TrustFolders:
    """The configured folders of trust anchors and revocation lists, which an operator's job renews while we run."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen = self._state()

    def renewed(self) -> TrustAnchors | None:
        """What the folders hold now, if they changed since they were last read. Raises TrustFolderError, OSError."""
        state = self._state()
        if state == self._seen:
            return None
        found = trust_anchors(self._settings)
        self._seen = state
        return found

    def _state(self) -> tuple[tuple[str, int, int], ...]:
        folders = (folder for folder in (self._settings.trust_dir, self._settings.crl_dir) if folder)
        files = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir())
        return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
