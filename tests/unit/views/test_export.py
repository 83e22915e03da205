from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.event import EventData, EventKind
from bot.domain.export import Export, Format, told_in
from bot.domain.timeline import TimelinePage
from bot.views.export import FORMAT, exported
from tests.support.cards import ANA, KIM, a_card, a_history, after, an_event

MESSAGE: EventData = {
    "channel": "C1",
    "ts": "1.2",
    "author": "Lee",
    "text": "it is *down* <!here>",
    "private": True,
}
PAGE = a_history(
    an_event(EventKind.DECLARED, {"title": "checkout is down"}, actor=KIM, at=after(0)),
    an_event(EventKind.MESSAGE_ADDED, MESSAGE, actor=ANA, at=after(2)),
    an_event(EventKind.NOTED, {"text": "rolled back at 07:50"}, actor=ANA, at=after(9)),
    amendments=[
        an_event(EventKind.CORRECTED, {"of": 3, "text": "rolled back at 07:10"}, actor=KIM, sequence=4)
    ],
)


def written(form: Format, page: TimelinePage = PAGE) -> str:
    return exported(Export(card=a_card(), page=page, format=form), UTC)


def test_markdown_says_what_holds_and_what_was_said_first() -> None:
    text = written(Format.MARKDOWN)
    assert text.startswith("# P0 \\#42 checkout is down\n")
    assert "- Detected: 2026-03-10 07:02 UTC (assumed: nobody has said)" in text
    assert "- Resolved: not yet" in text
    assert "- `3` 2026-03-10 07:11:00 UTC: rolled back at 07:10 (corrected by Kim Larsen)" in text
    assert "  - First said: Note by Ana Ortiz: rolled back at 07:50" in text


def test_what_people_wrote_formats_nothing() -> None:
    assert "it is \\*down\\* \\<!here\\>" in written(Format.MARKDOWN)


def test_json_has_a_name_for_its_form_and_both_texts_of_a_corrected_entry() -> None:
    read = json.loads(written(Format.JSON))
    assert read["format"] == FORMAT
    assert set(read) == {"format", "incident", "times", "earlier_entries", "timeline"}
    assert read["incident"]["number"] == 42
    assert read["times"]["detected"] == {"at": "2026-03-10T07:02:00Z", "assumed": True}
    entry = read["timeline"][2]
    assert set(entry) == {"number", "at", "who", "kind", "text", "first_said", "facts", "amendments"}
    assert entry["text"] == "rolled back at 07:10 (corrected by Kim Larsen)"
    assert entry["first_said"] == "Note by Ana Ortiz: rolled back at 07:50"
    assert [one["number"] for one in entry["amendments"]] == [4]


@pytest.mark.parametrize("form", Format)
def test_a_private_channels_text_is_told_there_only(form: Format) -> None:
    assert "down\\*" in written(Format.MARKDOWN, told_in(PAGE, "C1"))
    assert "it is" not in written(form, told_in(PAGE, "C2")).replace("rolled back", "")


def test_a_files_name_tells_nothing_but_the_number() -> None:
    assert Export(card=a_card(), page=PAGE, format=Format.JSON).file_name == "incident-42.json"


def test_entries_that_are_too_many_are_said() -> None:
    assert "7 earlier entries are not in this file." in written(Format.MARKDOWN, TimelinePage(earlier=7))


@given(st.lists(st.tuples(st.sampled_from(EventKind), st.text(max_size=200)), max_size=10))
@settings(max_examples=50, deadline=None)
def test_any_history_is_exported_one_line_an_entry_and_json_is_read_again(history: list[Any]) -> None:
    events = [an_event(kind, {"text": text, "of": 1}, actor=ANA, at=after(1)) for kind, text in history]
    page = a_history(*events)
    lines = written(Format.MARKDOWN, page).splitlines()
    assert sum(line.startswith("- `") for line in lines) == len(page.entries)
    assert len(json.loads(written(Format.JSON, page))["timeline"]) == len(page.entries)
