"""The tables: what is packaged works, an office may lay its own over it, and a mistake is said with its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from config.rules import RulesError, load_rules
from domain.gate.finding_kinds import Grade
from domain.reply import DisclosureAttribute, DisclosureExtent

_SAMPLES = Path(__file__).parents[2] / "samples"


def _table(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_packaged_tables_load_and_have_a_version() -> None:
    """Without an office's folder the packaged rules hold; loading them twice gives the same version."""
    rules = load_rules()
    assert rules.version == load_rules().version
    assert len(rules.version) == 64
    assert rules.disclosure.attributes["同意公开"] is DisclosureAttribute.PROACTIVE
    assert rules.disclosure.extents["全部公开"] is DisclosureExtent.FULL_TEXT
    assert set(range(2018, 2027)) <= set(rules.calendar.years)


def test_packaged_scheme_decodes_the_known_numbers() -> None:
    """153047 is 15th term, 3rd session; a district congress next door has no such prefix."""
    rules = load_rules()
    proposal, suggestion = rules.body("310107", "区政协"), rules.body("310107", "区人大")
    assert proposal is not None
    assert proposal.scheme is not None
    match = proposal.scheme.pattern.fullmatch("153047")
    assert match is not None
    assert match.groupdict() == {"term": "15", "session": "3", "serial": "047"}
    assert suggestion is not None
    assert suggestion.scheme is None


def test_no_general_table_explains_a_letter() -> None:
    """A letter means what its own authority says, so no table that holds everywhere may name one."""
    assert all(len(mark) > 1 for table in load_rules().results for mark in table.words)


def test_office_adds_an_authority_and_the_version_changes(tmp_path: Path) -> None:
    """The same rules have the same version; other rules have another."""
    folder = _table(
        tmp_path,
        "authorities.toml",
        '[[authority]]\nname = "云溪区柳桥镇人民政府"\narea_code = "990199"\n'
        'grades = { joint-handling-opinion = "warn" }\n',
    )
    rules = load_rules(folder)
    authority = rules.authority("云溪区柳桥镇人民政府")
    assert authority is not None
    assert rules.grade("joint-handling-opinion", authority) is Grade.WARN
    assert rules.version != load_rules().version


def test_operator_adds_a_year(tmp_path: Path) -> None:
    """A year that the package lacks is added by its notice, without a release."""
    folder = _table(
        tmp_path,
        "calendar.toml",
        '[[year]]\nyear = 2031\nsource = "通知"\nholidays = [2031-01-01]\nworking_weekends = []\n',
    )
    calendar = load_rules(folder).calendar
    assert not calendar.is_working_day(date(2031, 1, 1))
    assert calendar.is_working_day(date(2031, 1, 2))


def test_sample_offices_are_registered_as_they_are_described() -> None:
    """The sample tables and samples/authorities.json speak of the same offices."""
    rules = load_rules(_SAMPLES / "config")
    for office in json.loads((_SAMPLES / "authorities.json").read_text(encoding="utf-8")):
        authority = rules.authority(office["name"])
        assert authority is not None
        assert authority.area_code == office["area_code"]
        assert list(authority.issuer_codes) == office["issuer_codes"]


def test_sample_bodies_have_their_own_vocabulary() -> None:
    """部分采纳 means nothing in the invented district, and B means what the invented county says."""
    rules = load_rules(_SAMPLES / "config")
    district, county = rules.body("990101", "区政协"), rules.body("990121", "县人大")
    assert district is not None
    assert county is not None
    assert "部分采纳" not in district.results[0].words
    assert county.results[0].words["B"] == "计划解决"


@pytest.mark.parametrize(
    ("name", "text", "place", "reason"),
    [
        ("authorities.toml", "[[authority]\n", "authorities.toml:1", "TOML"),
        ("authorities.toml", '\n[[authority]]\nname = "甲局"\narea_code = "31"\n', "authorities.toml:4", "six digits"),
        ("authorities.toml", '[[authority]]\narea_code = "310107"\n', "authorities.toml:1", "name"),
        (
            "authorities.toml",
            '[[authority]]\nname = "甲局"\narea_code = "310107"\ncolour = "red"\n',
            "authorities.toml:4",
            "colour",
        ),
        (
            "authorities.toml",
            '[[authority]]\nname = "甲局"\narea_code = "310107"\nresults = ["无"]\n',
            "authorities.toml:4",
            "no such table",
        ),
        ("authorities.toml", '[authority]\nname = "甲局"\n', "authorities.toml:1", "[[authority]]"),
        (
            "bodies.toml",
            '[[body]]\narea_code = "310107"\nbody = "区政协"\nscheme = "无"\n',
            "bodies.toml:4",
            "no such number scheme",
        ),
        (
            "bodies.toml",
            '[[body]]\narea_code = "310107"\nbody = "区政协"\nsessions = [[15, 3]]\n',
            "bodies.toml:4",
            "first year",
        ),
        (
            "number_schemes.toml",
            '[[scheme]]\nid = "a"\nname = "甲"\npattern = "("\n',
            "number_schemes.toml:4",
            "no valid pattern",
        ),
        (
            "handling_results.toml",
            '[[table]]\nid = "a"\nname = "甲"\ngeneral = true\nwords = { A = "解决" }\n',
            "handling_results.toml:5",
            "single letters",
        ),
        ("disclosure.toml", '[attributes]\n"不予公开" = ["主动公开"]\n', "disclosure.toml:2", "another meaning"),
        ("disclosure.toml", '[attributes]\n"半公开" = ["半公开"]\n', "disclosure.toml:2", "半公开"),
        ("grades.toml", '[grades]\nno-such-code = "hold"\n', "grades.toml:2", "no such code"),
        ("grades.toml", '[grades]\nsignature-missing = "warn"\n', "grades.toml:2", "stricter"),
        ("grades.toml", '[grades]\nsignature-missing = "perhaps"\n', "grades.toml:2", "one of these"),
        (
            "calendar.toml",
            '[[year]]\nyear = 2031\nsource = "通知"\nholidays = [2032-01-01]\n',
            "calendar.toml:4",
            "another year",
        ),
        ("calendar.toml", "[[year]]\nyear = 2031\n", "calendar.toml:1", "source"),
        ("review.toml", "publication_days = 0\n", "review.toml:1", "at least 1"),
        ("review.toml", '[thresholds]\nreading_confidence = "high"\n', "review.toml:2", "number"),
        ("review.toml", "[thresholds]\nreading_confidence = 1.5\n", "review.toml:2", "between 0 and 1"),
        ("review.toml", "[thresholds]\nshort = 5\n", "review.toml:2", "unknown key"),
        ("review.toml", '[private]\npersonal-data-mobile = "publish"\n', "review.toml:2", "never be published"),
        ("review.toml", '[private]\nsecrecy-mark = "mask"\n', "review.toml:2", "no class"),
        (
            "authorities.toml",
            '[[authority]]\nname = "甲局"\narea_code = "310107"\nprivate = { personal-data-bank-card = "publish" }\n',
            "authorities.toml:1",
            "never be published",
        ),
        ("topics.toml", '[[topic]]\ncode = "topic-weather"\nwords = ["雨"]\n', "topics.toml:2", "no such topic"),
        ("grades.toml", '[grades]\nsecrecy-mark = "hold"\n', "grades.toml:2", "stricter"),
        ("authority.toml", "", "authority.toml", "unknown file"),
    ],
)
def test_broken_table_names_file_and_line(tmp_path: Path, name: str, text: str, place: str, reason: str) -> None:
    """A mistake stops the start with its file, its line and what is wrong; nothing is left out in silence."""
    with pytest.raises(RulesError) as caught:
        load_rules(_table(tmp_path, name, text))
    assert place in str(caught.value)
    assert reason in str(caught.value)


def test_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A wrong path is not an empty set of tables."""
    with pytest.raises(RulesError, match="no such directory"):
        load_rules(tmp_path / "nowhere")


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    """A file saved in another encoding is named."""
    (tmp_path / "grades.toml").write_bytes("# 等级".encode("gbk"))
    with pytest.raises(RulesError, match="UTF-8"):
        load_rules(tmp_path)
