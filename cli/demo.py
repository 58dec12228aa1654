"""`fuwen demo`: the whole journey on this machine, with the sample letters, through the same doors a user takes."""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.speech import say, words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from adapters.record.vault import Vault
    from adapters.store.object_store import Bucket
    from cli.stack import Stack
    from config.settings import Settings
    from domain.fate import Outcome
    from domain.gate.finding import Finding

_SAMPLES = Path(__file__).parents[1] / "samples"
_SETTLE_ALL_SECONDS = 300.0
_FATES = {
    "published": ("已公开", "published", "green"),
    "unchanged": ("未变", "unchanged", "green"),
    "held": ("搁置", "held", "yellow"),
    "rejected": ("退回", "rejected", "red"),
}


@dataclass(slots=True)
class _Sample:
    """One sample on its way."""

    path: Path
    drop_key: str
    wave: int
    expected: str
    codes: tuple[str, ...]
    sha256: str
    document_id: str | None = None
    dropped: float | None = None
    """Monotonic seconds; None if an earlier demo dropped it."""
    outcome: Outcome | None = None
    took: float | None = None

    @property
    def fate(self) -> str | None:
        return type(self.outcome).__name__.lower() if self.outcome else None

    @property
    def found(self) -> tuple[str, ...]:
        """Codes of all findings."""
        findings: tuple[Finding, ...] = getattr(self.outcome, "findings", getattr(self.outcome, "warnings", ()))
        return tuple(finding.code for finding in findings)

    @property
    def as_expected(self) -> bool:
        return self.fate == self.expected and set(self.codes) <= set(self.found)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("--once", action="store_true", help=words("全部办完即结束", "stop when all is settled"))


def run(args: argparse.Namespace) -> int:
    """Show it; with --once, 0 only if every sample met its expected fate."""
    from rich.console import Console

    from cli import running
    from cli.signals import ended_by_signals
    from cli.stack import Stack

    if not (_SAMPLES / "expected.json").exists():
        say("没有找到样例。请在源代码目录中运行。", "No samples here: run it in a checkout.", error=True)
        return 2
    console = Console(highlight=False)
    with ended_by_signals(), Stack(_settings()) as stack:
        with console.status(words("正在启动…", "starting…")) as status:
            stack.start(lambda zh, en: status.update(words(zh, en) + "…"))
        running.write_down(stack.settings)
        try:
            return _show(stack, console, once=args.once)
        finally:
            running.forget(stack.settings)


def _settings() -> Settings:
    from config.settings import Settings

    settings = Settings()
    return settings.model_copy(
        update={
            # Apart from an office's own data: invented letters never mix with real ones.
            "data_dir": (settings.data_dir / "demo").absolute(),
            "config_dir": _SAMPLES / "config",
            "trust_dir": _SAMPLES / "trust",
            "settle_seconds": 1.0,
            "sweep_seconds": 1.0,
            "events_port": 0,  # nothing notifies it, and a second demo may run beside it
            "s3_endpoint_url": None,
            "prefect_api_url": None,
            "site_name": "建议提案办理复文公开（样例）",
        }
    )


def _show(stack: Stack, console: Console, *, once: bool) -> int:
    from adapters.record.vault import Vault
    from tasks.premises import bucket

    inbox, vault = bucket(stack.settings, "inbox"), Vault(bucket(stack.settings, "vault"))
    samples = list(_samples())
    known = _known(vault)
    before = {sample.drop_key for sample in samples if (sample.drop_key, sample.sha256) in known}
    for wave in sorted({sample.wave for sample in samples}):
        of_wave = [sample for sample in samples if sample.wave == wave]
        for sample in of_wave:
            _drop(sample, inbox, known)
        _follow(of_wave, vault, stack, console)
    _wait_until_cleared(vault, stack)
    console.print(_table(samples))
    _sum_up(samples, before, stack, console)
    if once:
        return 0 if all(sample.as_expected for sample in samples) else 1
    console.print(words("按 Ctrl-C 结束。", "Ctrl-C ends it."))
    while True:
        stack.watch()
        time.sleep(1)


def _samples() -> Iterator[_Sample]:
    for row in json.loads((_SAMPLES / "expected.json").read_text(encoding="utf-8")):
        path = _SAMPLES / "letters" / row["file"]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield _Sample(path, row["drop_key"], row["wave"], row["fate"], tuple(row["codes"]), digest)


def _known(vault: Vault) -> dict[tuple[str, str], str]:
    """What an earlier demo dropped already: file name and digest to document."""
    return {(receipt.key, receipt.sha256): receipt.document_id for receipt in vault.receipts()}


def _drop(sample: _Sample, inbox: Bucket, known: dict[tuple[str, str], str]) -> None:
    from cli.drop import drop
    from domain.object_version import ObjectVersion

    sample.document_id = known.get((sample.drop_key, sample.sha256))
    if sample.document_id is None:
        head = drop(inbox, sample.drop_key, sample.path.read_bytes())
        version = ObjectVersion.seen(
            inbox.name,
            head.key,
            version_id=head.version_id,
            etag=head.etag,
            size_bytes=head.size_bytes,
            last_modified=head.last_modified,
        )
        sample.document_id, sample.dropped = version.document_id, time.monotonic()


def _follow(samples: list[_Sample], vault: Vault, stack: Stack, console: Console) -> None:
    """Wait until each sample has its fate, showing how many do."""
    from rich.live import Live

    deadline = time.monotonic() + _SETTLE_ALL_SECONDS
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        while waiting := [sample for sample in samples if sample.outcome is None]:
            stack.watch()
            for sample in waiting:
                _look(sample, vault)
            live.update(_table(samples))
            if time.monotonic() > deadline:
                return
            time.sleep(0.2)


def _wait_until_cleared(vault: Vault, stack: Stack) -> None:
    """What an earlier demo left half done when it was killed is finished by the sweep a moment after its fate shows."""
    deadline = time.monotonic() + _SETTLE_ALL_SECONDS
    while any(vault.open_documents()) and time.monotonic() < deadline:
        stack.watch()
        time.sleep(0.2)


def _look(sample: _Sample, vault: Vault) -> None:
    assert sample.document_id is not None  # noqa: S101 - it was dropped
    sample.outcome = vault.outcome(sample.document_id)
    if sample.outcome is not None and sample.dropped is not None:
        sample.took = time.monotonic() - sample.dropped


def _table(samples: list[_Sample]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(words("文件", "file"), ratio=3, overflow="fold")
    table.add_column(words("去向", "fate"), no_wrap=True)
    table.add_column(words("原因", "reason"), ratio=5, overflow="fold")
    table.add_column(words("用时", "time"), justify="right", no_wrap=True)
    for sample in samples:
        zh, en, colour = _FATES.get(sample.fate or "", ("…", "…", "dim"))
        table.add_row(
            Text(sample.drop_key),
            Text(words(zh, en), style=colour),
            Text(_reason(sample)),
            f"{sample.took:.1f} s" if sample.took is not None else "",
        )
    return table


def _reason(sample: _Sample) -> str:
    from cli.speech import Language

    language = Language.of_environment().value
    findings: tuple[Any, ...] = getattr(sample.outcome, "findings", ())
    stopping = [finding for finding in findings if finding.grade.value != "warn"]
    reply_id = getattr(sample.outcome, "reply_id", None)
    version = getattr(sample.outcome, "version", None)
    lines = [finding.message(language) for finding in stopping]
    return "\n".join(lines) or (
        words(f"{reply_id} 第 {version} 版", f"{reply_id} version {version}") if reply_id else ""
    )


def _sum_up(samples: list[_Sample], before: set[str], stack: Stack, console: Console) -> None:
    unmet = [sample for sample in samples if not sample.as_expected]
    if len(before) == len(samples):
        console.print(
            words(
                "这些样例以前都已办完：没有再投放，也没有任何改变。",
                "All samples were settled before: nothing was dropped again and nothing changed.",
            )
        )
    for sample in unmet:
        console.print(
            words(
                f"[red]与预期不符[/red]：{sample.path.name} 应为 {sample.expected} {' '.join(sample.codes)}，"
                f"实为 {sample.fate} {' '.join(sample.found)}",
                f"[red]not as expected[/red]: {sample.path.name} should be {sample.expected} "
                f"{' '.join(sample.codes)}, is {sample.fate} {' '.join(sample.found)}",
            )
        )
    if not unmet:
        console.print(words(f"{len(samples)} 件样例的去向都与预期一致。", f"All {len(samples)} samples as expected."))
    console.print(words(f"门户：{stack.portal_url}", f"portal: {stack.portal_url}"))
    console.print(words(f"Prefect 界面：{stack.prefect_url}", f"Prefect UI: {stack.prefect_url}"))
