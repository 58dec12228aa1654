"""How much one PDF may cost. Values only, so that the orchestrating process can hold them without any parser."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.gate.finding import Finding, find

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The bounds of reading one PDF. A document that meets one costs a finding, never more."""

    max_bytes: int = 64 * _MEGABYTE
    """Size of the original."""
    max_pages: int = 200
    memory_bytes: int = 1536 * _MEGABYTE
    """Address space of the child process."""
    cpu_seconds: int = 20
    total_seconds: float = 30.0
    """Wall clock for the whole document."""
    stall_seconds: float = 20.0
    """Wall clock between two steps of one document."""
    result_bytes: int = 32 * _MEGABYTE
    """Size of what the child may answer."""
    preview_pixels: int = 4_000_000
    """Pixels of the rendered first page."""
    recognised_pages: int = 60
    """A document in which more pages would have to be read by OCR is left to a person."""
    recognition_cpu_seconds: int = 15
    """Processor time for each page that is read by OCR, on top of the rest."""
    recognition_seconds: float = 30.0
    """Wall clock for each such page: two of them on one busy core take turns."""

    def with_recognition(self, pages: int) -> ReadingLimits:
        """The bounds of a document of which so many pages are read by OCR."""
        return replace(
            self,
            cpu_seconds=self.cpu_seconds + pages * self.recognition_cpu_seconds,
            total_seconds=self.total_seconds + pages * self.recognition_seconds,
            stall_seconds=self.stall_seconds + self.recognition_seconds,
        )


def too_large(size_bytes: int, limits: ReadingLimits) -> Finding:
    """The finding for a file beyond the size limit; also for whoever measures it before it is opened."""
    return find("file-too-large", size_mb=f"{size_bytes / _MEGABYTE:.1f}", limit_mb=str(limits.max_bytes // _MEGABYTE))
