from __future__ import annotations

import pytest

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.event import EventKind
from bot.domain.timeline import TimelinePage, correct, entries_of, note, strike
from tests.support.cards import ANA, a_history, an_event

UPDATE = an_event(EventKind.UPDATED, {"text": "it was 13:05"}, actor=ANA, sequence=1)
CORRECTION = an_event(EventKind.CORRECTED, {"of": 1, "text": "it was 14:05"}, actor=ANA, sequence=2)


def test_a_correction_stands_beside_the_entry_that_it_is_about() -> None:
    (entry,) = entries_of([UPDATE, CORRECTION], [CORRECTION])
    assert (entry.event, entry.newest) == (UPDATE, CORRECTION)


def test_what_was_said_last_holds_and_nothing_is_lost() -> None:
    again = an_event(EventKind.STRUCK, {"of": 1}, sequence=4)
    (entry,) = entries_of([UPDATE], [CORRECTION, again])
    assert entry.newest == again
    assert entry.amendments == (CORRECTION, again)


def test_a_note_needs_a_text() -> None:
    with pytest.raises(InvalidError, match="A note needs a text"):
        note("")


def test_an_entry_that_is_not_there_cannot_be_corrected() -> None:
    with pytest.raises(NotFoundError, match="no entry 7"):
        correct(None, 7, "right")


def test_a_correction_is_no_entry_to_be_struck_out() -> None:
    with pytest.raises(NotFoundError, match="no entry 2"):
        strike(CORRECTION, 2, "")


def test_a_correction_needs_a_text() -> None:
    with pytest.raises(InvalidError, match="What should it say"):
        correct(UPDATE, 1, "")


@pytest.mark.parametrize(("most", "shown", "earlier"), [(0, 0, 5), (2, 2, 3), (9, 3, 2)])
def test_the_newest_of_a_page_leave_the_others_as_earlier(most: int, shown: int, earlier: int) -> None:
    page = a_history(UPDATE, UPDATE, UPDATE, earlier=2).newest(most)
    assert (len(page.entries), page.earlier) == (shown, earlier)


def test_an_empty_page_has_nothing_newest() -> None:
    assert TimelinePage().newest(3) == TimelinePage()
