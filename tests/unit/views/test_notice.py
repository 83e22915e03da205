from __future__ import annotations

from bot.domain.incident import Room, Status
from bot.views.notice import notice
from tests.support.cards import ANA, a_card, after, an_incident
from tests.support.goldens import check_golden

ROOM = Room(id="C0ROOM001", name="inc-42-checkout-is-down")


def test_a_notice_says_in_one_line_how_it_stands_and_where_it_is_worked_on() -> None:
    check_golden("notice-triggered", notice(a_card(incident=an_incident(room=ROOM))))


def test_a_notice_of_what_somebody_has_taken_has_no_button() -> None:
    incident = an_incident(
        room=ROOM, status=Status.ACKNOWLEDGED, acknowledged_by=ANA, acknowledged_at=after(3)
    )
    check_golden("notice-acknowledged", notice(a_card(incident=incident, next_step=None)))


def test_a_redacted_notice_says_nothing_that_people_wrote() -> None:
    incident = an_incident(room=ROOM, security=True, title="zebra token leaked")
    shown = notice(a_card(incident=incident), redacted="#security-incidents is public.")
    check_golden("notice-redacted", shown)
    assert "zebra" not in str(shown.to_json())
