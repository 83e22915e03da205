from __future__ import annotations

from dataclasses import replace

from bot.domain.checklists.evidence_note import evidence_note
from bot.domain.evidence import Judgement
from tests.support.run_cards import ANSWERS, BOARD, DOWN, FAILED, found


def test_what_an_item_has_shown_is_said_in_one_line() -> None:
    said = evidence_note(ANSWERS)
    assert said is not None
    assert said.startswith(
        "Targets that are down: 0; Requests a second by service: api-gateway 61.2/s, payment"
    )
    assert "4 more" in said
    assert "Failed requests by service: payment 0.31 %" in said


def test_what_could_not_be_read_is_left_out() -> None:
    failed = found(FAILED, Judgement.UNKNOWN, failed="Prometheus does not answer.")
    lines = found(DOWN, Judgement.NONE, lines=("no data",))
    assert evidence_note(replace(ANSWERS, found=(failed, lines))) == "Targets that are down: no data"
    assert evidence_note(replace(ANSWERS, found=(failed,))) is None
    assert evidence_note(BOARD) is None
