"""No leak by the back door: what is not public is searched for in everything that a running stack leaves behind.

Each letter carries canaries: a sentence of its body, an identity number, a mobile number, its title. When each has met
its fate and the stack has ended, the public bucket, Prefect's database, all logs, artifacts and events are searched for
what may not be there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.record.vault import Vault
from adapters.store.object_store import Bucket
from cli.drop import drop
from cli.running import settings_here
from config.settings import Settings
from domain.gate.answer import VERDICT_WORDS
from domain.gate.decision import Verdict
from samples.factory import letter, pdf_of
from tasks.premises import bucket
from tests.office.conftest import CROWD, Office

pytestmark = [pytest.mark.demo, pytest.mark.timeout(900)]
TOGETHER = "crowd"
UNKNOWN, OPEN = "办理结果：另行研究", "公开属性：主动公开"


@dataclass(frozen=True, slots=True)
class Planted:
    """One letter and its canaries."""

    number: int
    fate: str
    marks: tuple[str, ...] = (UNKNOWN, OPEN)
    private: bool = False
    """An identity number and a mobile number stand in its text."""
    date: str = "2024年6月11日"
    alone: bool = False
    """Dropped when the crowd has its fates: it has a run of its own from the beginning."""

    @property
    def file(self) -> str:
        return f"{self.fate}.pdf" if self.alone else f"{TOGETHER}/{self.fate}.pdf"

    @property
    def sentence(self) -> str:
        return f"长椅{7000 + self.number}张"

    @property
    def title(self) -> str:
        return f"第153{self.number}号提案的答复"

    @property
    def mobile(self) -> str:
        return f"13812345{self.number}"

    @property
    def resident_id(self) -> str:
        """With a valid check digit (GB 11643-1999)."""
        first = f"11010519491231{self.number}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
        return first + "10X98765432"[total % 11]

    @property
    def pdf(self) -> bytes:
        body: tuple[str, ...] = (
            f"首批{self.sentence}已于5月底安放完毕，两端设有扶手。",
            "镇政府沿河两岸共选定安放位置36处，其中有树荫的22处，靠近公交站的8处。",
            "第二批长椅16张计划在9月以前安放。今后每年春秋两季各检修一次，损坏的在7日以内更换。",
        )
        if self.private:
            body = (*body, f"身份证号{self.resident_id}，手机{self.mobile}。")
        return pdf_of(
            letter(
                title=("对区政协十五届三次会议", self.title),
                document_number=f"砚府〔2024〕{self.number}号",
                marks=self.marks,
                body=(*body, "特此函复。"),
                date_of_issue=self.date,
            )
        )


GOOD = ("办理结果：采纳解决", OPEN)
LETTERS = {
    each.fate: each
    for each in (
        Planted(811, "published", GOOD),
        Planted(812, "held"),
        Planted(813, "held-private", private=True),
        Planted(814, "masked", private=True),
        Planted(815, "withheld-by-reviewer", private=True),
        Planted(816, "on-application", ("办理结果：采纳解决", "公开属性：依申请公开"), private=True),
        Planted(817, "unmarked", ("办理结果：采纳解决",), private=True),
        Planted(818, "secret", (*GOOD, "秘密★1年"), private=True),
        Planted(819, "impossible-date", GOOD, private=True, date="2031年6月11日"),
    )
}
ALONE = {
    fate: replace(each, number=each.number + 20, alone=True)
    for fate, each in LETTERS.items()
    if fate in {"published", "held-private", "on-application", "secret", "impossible-date"}
}
EVERY = (*LETTERS.values(), *ALONE.values())
WAITING = {"held", "held-private", "masked", "withheld-by-reviewer"}


class World:
    """A stack at work, as `fuwen up` starts it, and all that it leaves behind."""

    def __init__(self, office: Office) -> None:
        settings = settings_here(Settings(_env_file=None, data_dir=office.data))
        self.inbox: Bucket = bucket(settings, "inbox")
        self.vault = Vault(bucket(settings, "vault"))
        self._api = httpx.Client(base_url=f"{settings.prefect_api_url}/", timeout=60)
        self._process = office.process

    def runs(self) -> dict[str, dict[str, Any]]:
        """Each run of a document by the file that was dropped."""
        found = self._api.post("flow_runs/filter", json={"limit": 200}).json()
        return {run["parameters"]["key"]: run for run in found if "key" in run["parameters"]}

    def crowds(self) -> int:
        """How many crowds there were."""
        found = self._api.post("flow_runs/filter", json={"flows": {"name": {"any_": ["publish_crowd"]}}}).json()
        return len(found)

    def until(self, look: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 400
        while not look():
            assert self._process.poll() is None, "the stack ended"
            assert time.monotonic() < deadline, {key: run["state_name"] for key, run in self.runs().items()}
            time.sleep(0.5)

    def wait_for(self, letter: Planted, state: str, other_than: str | None = None) -> dict[str, Any]:
        found: list[dict[str, Any]] = []

        def look() -> bool:
            run = self.runs().get(letter.file)
            if run and run["state_name"] == state and run["state_id"] != other_than:
                found.append(run)
            return bool(found)

        self.until(look)
        return found[0]

    def answer(self, run: dict[str, Any], verdict: Verdict, reviewer: str) -> None:
        answer = {"decision": VERDICT_WORDS[verdict], "reason": "已与原件核对。", "reviewer": reviewer}
        said: list[str] = []

        def accepted() -> bool:
            response = self._api.post(f"flow_runs/{run['id']}/resume", json={"run_input": answer})
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # SQLite was busy: a person clicks again
                said.append(response.json()["status"])
            return bool(said)

        self.until(accepted)
        assert said == ["ACCEPT"]


@pytest.fixture(scope="module")
def left_behind(office: Office) -> Path:
    """The folder of a stack in which every letter has met its fate, in a crowd or alone, stopped."""
    assert len(LETTERS) == CROWD
    world = World(office)
    together = office.data / TOGETHER
    together.mkdir()
    for each in LETTERS.values():
        (together / Path(each.file).name).write_bytes(each.pdf)
    together.rename(office.data / "store" / "buckets" / "inbox" / TOGETHER)  # all are there at once
    decide_about_all(world)
    assert world.crowds() == 1
    for each in ALONE.values():
        drop(world.inbox, each.file, each.pdf)
        world.wait_for(each, state_of(each))
    drop(world.inbox, "again.pdf", LETTERS["published"].pdf)
    world.until(lambda: world.runs().get("again.pdf", {}).get("state_name") == "Unchanged")
    world.until(lambda: not any(world.vault.open_documents()))
    assert office.end() == 130
    return office.data


def decide_about_all(world: World) -> None:
    """Each letter to its fate: two persons mask one, one keeps one private, two wait on."""
    for fate, each in LETTERS.items():
        if fate in WAITING:
            world.wait_for(each, "Held")
    masked, kept = LETTERS["masked"], LETTERS["withheld-by-reviewer"]
    first = world.wait_for(masked, "Held")
    world.answer(first, Verdict.PUBLISH_MASKED, "闻溪")
    world.answer(world.wait_for(masked, "Held", first["state_id"]), Verdict.PUBLISH_MASKED, "程岸")
    world.wait_for(masked, "Published")
    world.answer(world.wait_for(kept, "Held"), Verdict.REJECT, "闻溪")
    for fate, each in LETTERS.items():
        if fate not in {"held", "held-private"}:
            world.wait_for(each, state_of(each))


def state_of(letter: Planted) -> str:
    """In which its run ends, or waits."""
    if letter.fate.startswith("held"):
        return "Held"
    return "Published" if letter.fate in {"published", "masked"} else "Rejected"


@cache
def files(folder: Path) -> tuple[tuple[str, bytes], ...]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((str(path.relative_to(folder)), path.read_bytes()) for path in found)


def spellings(canary: str) -> set[bytes]:
    """As it would stand in a log, in JSON of either kind, in an address."""
    escaped = canary.encode("unicode-escape").replace(b"\\x", b"\\u00")
    quoted = httpx.QueryParams({"q": canary}).__str__().removeprefix("q=").encode()
    return {canary.encode(), escaped, escaped.replace(b"\\", b"\\\\"), canary.encode("utf-16-le"), quoted}


def hits(canary: str, where: Iterable[tuple[str, bytes]]) -> list[str]:
    wanted = spellings(canary)
    return [f"{canary} in {name}" for name, body in where if any(each in body for each in wanted)]


def back_doors(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything but the buckets: Prefect's database with its runs, artifacts, inputs and events; every log."""
    return ((name, body) for name, body in files(folder) if not name.startswith("store/buckets/"))


def public(folder: Path) -> Iterable[tuple[str, bytes]]:
    return files(folder / "store" / "buckets" / "public")


def test_ended_by_its_supervisor_the_stack_leaves_nothing_running(office: Office, left_behind: Path) -> None:
    assert not (left_behind / "running.json").exists()
    assert "run fuwen up" in office.fuwen("status").stderr


def test_the_search_finds_what_is_there(left_behind: Path) -> None:
    """In the vault each sentence, in the public what is public, in Prefect's database what a reviewer may edit."""
    vault = left_behind / "store" / "buckets" / "vault"
    for each in EVERY:
        assert hits(each.sentence, files(vault)), each.file
    assert hits(LETTERS["published"].sentence, public(left_behind))
    assert hits(LETTERS["held"].title, back_doors(left_behind))
    names = {name for name, _ in back_doors(left_behind)}
    assert any("prefect.db" in name for name in names)
    assert any(name.endswith(".log") for name in names)


def test_nothing_that_is_not_public_is_in_the_public_bucket(left_behind: Path) -> None:
    found: list[str] = []
    for each in EVERY:
        if each.fate == "published":
            continue
        found += hits(each.mobile, public(left_behind)) + hits(each.resident_id, public(left_behind))
        if each.fate != "masked":
            found += hits(each.sentence, public(left_behind)) + hits(each.title, public(left_behind))
    assert found == []
    assert hits("138****5814", public(left_behind)), "masked as the standard asks"


def test_no_body_text_and_no_private_data_is_in_prefects_database_or_any_log(left_behind: Path) -> None:
    """Of no document, whatever became of it, be it public or not."""
    found: list[str] = []
    for each in EVERY:
        for canary in (each.sentence, each.mobile, each.resident_id):
            found += hits(canary, back_doors(left_behind))
    assert found == []


@pytest.mark.parametrize(
    "each",
    [each for each in EVERY if state_of(each) == "Rejected" and each.fate not in WAITING],
    ids=lambda each: str(each.file),
)
def test_of_what_was_refused_not_even_title_or_number_is_there(each: Planted, left_behind: Path) -> None:
    found = [hits(canary, back_doors(left_behind)) for canary in (each.title, f"〔2024〕{each.number}号")]
    assert found == [[], []]


def test_no_log_names_what_a_held_letter_says(left_behind: Path) -> None:
    """The fields that a reviewer edits are in the form alone."""
    for each in [each for each in EVERY if each.fate in WAITING]:
        logs = ((name, body) for name, body in back_doors(left_behind) if "prefect.db" not in name)
        assert hits(each.title, logs) == []


def test_what_the_reviewers_said_and_who_they_are_stays_in_the_vault(left_behind: Path) -> None:
    vault = left_behind / "store" / "buckets" / "vault"
    kept = [json.loads(body) for name, body in files(vault) if name.startswith("decisions/")]
    assert sorted(each["reviewer"] for each in kept) == ["程岸", "闻溪", "闻溪"]
    for name in ("程岸", "闻溪"):
        assert hits(name, public(left_behind)) == []
