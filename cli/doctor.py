"""`fuwen doctor`: proves the stores, the server, the trust anchors, the rules, the calendar, and the readers."""

from __future__ import annotations

import argparse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from cli.speech import words

if TYPE_CHECKING:
    from adapters.isolation.confinement import Confinement
    from config.settings import Settings
    from tasks.premises import BucketName

_Verdict = tuple[bool, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(args: argparse.Namespace) -> int:
    """One line for each part; 1 if one is not well."""
    from rich.console import Console

    from cli.running import settings_here

    settings, console = settings_here(), Console(highlight=False)
    well = True
    for name, verdict in _examinations(settings):
        ok, sentence = _carefully(verdict)
        well = well and ok
        line = f"{'✓' if ok else '✗'} {name}{words('：', ': ')}{sentence}"
        console.print(line, style=None if ok else "red", markup=False, soft_wrap=not console.is_terminal)
    return 0 if well else 1


def _examinations(settings: Settings) -> Iterator[tuple[str, Callable[[], _Verdict]]]:
    yield words("规则表", "rules"), lambda: _rules(settings)
    yield words("工作日历", "calendar"), lambda: _calendar(settings)
    yield words("信任锚", "trust anchors"), lambda: _trust(settings)
    yield words("吊销列表", "revocation lists"), lambda: _revocation(settings)
    yield words("签名核验", "signatures"), lambda: _signers(settings)
    yield words("受限子进程", "bounded readers"), _confinement
    yield words("系统字体", "system fonts"), _fonts
    yield words("文字识别", "recognition"), _recognition
    yield words("收件桶", "inbox bucket"), lambda: _store(settings, "inbox")
    yield words("保管库", "vault bucket"), lambda: _store(settings, "vault")
    yield words("公开桶", "public bucket"), lambda: _store(settings, "public")
    yield words("站点信息", "site"), lambda: _site(settings)
    yield words("Prefect 服务", "Prefect server"), lambda: _prefect(settings)


def _carefully(verdict: Callable[[], _Verdict]) -> _Verdict:
    try:
        return verdict()
    except Exception as error:  # noqa: BLE001  each part is asked, whatever ails the one before
        from cli.trouble import plain

        return False, plain(error) or type(error).__name__


def _rules(settings: Settings) -> _Verdict:
    from config.rules import load_rules

    rules = load_rules(settings.config_dir)
    count = len(rules.authorities)
    return True, words(
        f"版本 {rules.version[:12]}，登记机关 {count} 个",
        f"version {rules.version[:12]}, authorities registered: {count}",
    )


def _calendar(settings: Settings) -> _Verdict:
    from config.rules import load_rules

    years = load_rules(settings.config_dir).calendar.years
    today = datetime.now(UTC).date()
    # From December on, 20 working days reach into the next year.
    needed = {today.year, today.year + 1} if today.month == 12 else {today.year}
    lacking = sorted(needed - set(years))
    if lacking:
        return False, words(
            f"缺少 {lacking} 年的放假安排，请在 calendar.toml 中补充", f"lacks {lacking}; add it to calendar.toml"
        )
    return True, words(f"{min(years)}–{max(years)} 年", f"{min(years)} to {max(years)}")


def _trust(settings: Settings) -> _Verdict:
    from adapters.pdf.trust_report import trust_report
    from tasks.reading_bounds import trust_anchors

    found = trust_report(trust_anchors(settings), datetime.now(UTC))
    if not found.anchors:
        return False, words(
            "没有配置（FUWEN_TRUST_DIR）：任何签名都不可信，任何文件都不会公开",
            "none configured (FUWEN_TRUST_DIR): no signature is trusted, nothing will be published",
        )
    if found.expired or found.next_expiry is None:
        names = words("、", ", ").join(found.expired)
        return False, words(f"已失效，请更换：{names}", f"not valid, replace them: {names}")
    soon = found.next_expiry - datetime.now(UTC) < timedelta(days=60)
    until = f"{found.next_expiry:%Y-%m-%d}"
    return not soon, words(
        f"{found.anchors} 张证书，最早于 {until} 到期", f"certificates: {found.anchors}, the first expires on {until}"
    )


def _revocation(settings: Settings) -> _Verdict:
    from adapters.pdf.trust_report import trust_report
    from tasks.reading_bounds import trust_anchors

    found = trust_report(trust_anchors(settings), datetime.now(UTC))
    if found.lists is None:
        return True, words(
            "没有配置（FUWEN_CRL_DIR）：不检查证书是否被吊销",
            "none configured (FUWEN_CRL_DIR): whether a certificate was revoked is not checked",
        )
    lacking = words("、", ", ").join(dict.fromkeys((*found.outdated, *found.unlisted)))
    if lacking:
        return False, words(
            f"过期或缺失，其证书签署的文件会等待后搁置：{lacking}",
            f"out of date or missing, so what these certify waits and is then held: {lacking}",
        )
    until = f"{found.next_update:%Y-%m-%d %H:%M} UTC" if found.next_update else "—"
    return True, words(f"{found.lists} 份，最早于 {until} 过期", f"lists: {found.lists}, the first runs out at {until}")


def _signers(settings: Settings) -> _Verdict:
    from adapters.pdf.sm2 import proves_itself
    from config.rules import load_rules

    rules = load_rules(settings.config_dir)
    listed = sum(bool(each.signer_keys) for each in rules.authorities)
    if not proves_itself():
        return False, words("国密 SM2 验签自检失败", "SM2 fails its own test")
    return True, words(
        f"RSA、ECDSA、国密 SM2 可核验；{len(rules.authorities)} 个机关中 {listed} 个登记了签名密钥，"
        f"其余按 {rules.unlisted_signers} 规则",
        f"RSA, ECDSA and SM2 are verified; {listed} of {len(rules.authorities)} authorities have a list of keys, the "
        f"others go by the rule “{rules.unlisted_signers}”",
    )


@cache
def _confined() -> Confinement:
    from adapters.isolation.reader_pool import capabilities

    return capabilities()


def _confinement() -> _Verdict:
    found = _confined()
    if found.complete:
        return True, words("内存、文件、网络、子进程均受限", "memory, files, network and processes are confined")
    names = (
        (found.memory, words("内存", "memory")),
        (found.files, words("文件", "files")),
        (found.network, words("网络", "network")),
        (found.processes, words("子进程", "processes")),
        (found.dies_with_parent, words("随父进程结束", "ending with the parent")),
    )
    open_ways = words("、", ", ").join(name for kept, name in names if not kept)
    return False, words(f"本机无法限制：{open_ways}", f"this machine cannot confine: {open_ways}")


def _fonts() -> _Verdict:
    if _confined().fonts:
        return True, words(
            "子进程只能读取系统字体，没有嵌入字体的文件可以读全",
            "the readers may open them and nothing else, so letters that do not embed their fonts are read whole",
        )
    return False, words(
        "子进程读不到：没有嵌入字体的文件可能漏字、缺图。请安装中文字体（如 fonts-noto-cjk）",
        "the readers find none: letters that do not embed their fonts may lose text; install fonts-noto-cjk",
    )


def _recognition() -> _Verdict:
    from adapters.pdf.second_model import second_model_files

    if second_model_files() is not None:
        return True, words("扫描件由两种模型对读", "scans are read by two models")
    return False, words(
        "缺少第二种模型：没有把握的扫描件都会搁置。请按锁定文件重新安装（make setup）",
        "the second model is missing: scans that are read with less than full confidence are held; run make setup",
    )


def _store(settings: Settings, which: BucketName) -> _Verdict:
    from tasks.premises import proven_capabilities

    found = proven_capabilities(settings, which)
    return True, words(found.explanation, found.explanation_en)


def _site(settings: Settings) -> _Verdict:
    from adapters.record.record_repair import site_stands
    from tasks.premises import bucket

    if not site_stands(settings.site(), bucket(settings, "public")):
        return False, words(
            "名称、网址等设置有变，已公开的内容仍按原来的；请运行 fuwen rebuild",
            "name, address or the like have changed, what is public follows the old ones; run fuwen rebuild",
        )
    if settings.public_url is None:
        return True, words(
            "没有设置网址（FUWEN_PUBLIC_URL）：不生成订阅源", "no address (FUWEN_PUBLIC_URL): no feeds are made"
        )
    return True, f"{settings.site_name}, {settings.public_url}"


def _prefect(settings: Settings) -> _Verdict:
    if settings.prefect_api_url is None:
        return False, words(
            "没有配置，也没有在本机运行（先运行 fuwen up）", "not configured and not running here (fuwen up)"
        )
    url = f"{settings.prefect_api_url}/health"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  the operator's own setting
            return bool(answer.status == 200), settings.prefect_api_url
    except OSError:
        return False, words(f"{settings.prefect_api_url} 没有应答", f"{settings.prefect_api_url} does not answer")
