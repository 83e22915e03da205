from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.audit import AuditEntry
from bot.views.audit import FORMATS
from tests.support.clock import MONDAY_NOON

ENTRY = AuditEntry(
    at=MONDAY_NOON,
    subject="a1b2",
    sequence=3,
    actor=Actor(id="U1", name="Ana"),
    kind="updated",
    data={"text": 'rolled "back"', "step": 1, "by": None},
    number=42,
)
TEXT, JSON, CSV = FORMATS["text"], FORMATS["json"], FORMATS["csv"]

texts = st.text(max_size=30)
entries = st.builds(
    AuditEntry,
    at=st.just(MONDAY_NOON),
    subject=texts,
    sequence=st.integers(1, 9),
    actor=st.builds(Actor, id=texts, name=texts),
    kind=texts,
    data=st.dictionaries(texts, st.one_of(texts, st.integers(), st.booleans(), st.none()), max_size=3),
    number=st.one_of(st.none(), st.integers(1, 99)),
    security=st.booleans(),
    drill=st.booleans(),
)


def test_a_line_says_when_which_incident_what_who_and_its_facts() -> None:
    at = f"{MONDAY_NOON:%Y-%m-%dT%H:%M}:00.000Z"
    expected = f'{at}  #42/3  updated  Ana (U1)  text="rolled \\"back\\""  step=1\n'
    assert TEXT.page([ENTRY]) == expected


def test_a_drills_line_says_so_and_anothers_subject_stands_as_it_is() -> None:
    assert "  TEST #42/3  " in TEXT.page([replace(ENTRY, drill=True)])
    assert "  A12/3  " in TEXT.page([replace(ENTRY, number=None, alert=12)])
    assert "  C12/3  " in TEXT.page([replace(ENTRY, number=None, run=12)])
    assert "  CH12/3  " in TEXT.page([replace(ENTRY, number=None, change=12)])
    assert "  F4/3  " in TEXT.page([replace(ENTRY, number=None, span="F4")])
    assert "  request/slack/1/3  " in TEXT.page([replace(ENTRY, number=None, subject="request/slack/1")])


def test_what_is_left_out_is_said_to_be() -> None:
    secret = replace(ENTRY, security=True).without_secrets()
    assert TEXT.page([secret]).endswith("  updated  (security incident: left out)\n")
    assert json.loads(JSON.page([secret]))["redacted"] is True
    alert = replace(secret, number=None, alert=12)
    assert TEXT.page([alert]).endswith("  updated  (security alert: left out)\n")
    run = replace(secret, number=None, run=12)
    assert TEXT.page([run]).endswith("  updated  (security checklist: left out)\n")


def test_an_object_a_line_has_everything() -> None:
    assert json.loads(JSON.page([ENTRY])) == {
        "at": f"{MONDAY_NOON:%Y-%m-%dT%H:%M}:00.000Z",
        "incident": 42,
        "alert": None,
        "run": None,
        "change": None,
        "span": None,
        "page": None,
        "subject": "a1b2",
        "sequence": 3,
        "kind": "updated",
        "actor": "U1",
        "name": "Ana",
        "security": False,
        "drill": False,
        "data": dict(ENTRY.data),
    }


def test_a_name_that_is_a_formula_is_none_in_a_spreadsheet() -> None:
    bad = replace(ENTRY, actor=Actor(id="U1", name='=HYPERLINK("http://x")'))
    [header, row] = csv.reader(io.StringIO(CSV.header + CSV.page([bad])))
    assert dict(zip(header, row, strict=True))["name"] == '\'=HYPERLINK("http://x")'


@given(st.lists(entries, max_size=4))
def test_any_text_stays_on_its_line_and_gives_a_terminal_nothing_to_obey(page: list[AuditEntry]) -> None:
    shown = TEXT.page(page)
    lines = shown.split("\n")[:-1]
    assert len(lines) == len(page)
    assert all(line.isprintable() for line in lines)


@given(st.lists(entries, max_size=4))
def test_any_text_comes_back_from_json_and_from_a_table(page: list[AuditEntry]) -> None:
    read = [json.loads(line) for line in JSON.page(page).split("\n")[:-1]]
    assert [(one["subject"], one["name"], one["data"]) for one in read] == [
        (one.subject, one.actor.name, one.data) for one in page
    ]
    rows = list(csv.reader(io.StringIO(CSV.header + CSV.page(page), newline="")))[1:]
    assert [json.loads(row[9]) for row in rows] == [one.data for one in page]
