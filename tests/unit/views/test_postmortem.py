from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.card import Mentions
from bot.domain.draft import Draft
from bot.domain.event import EventKind
from bot.domain.guide import Mention
from bot.domain.incident import Status
from bot.domain.postmortem import Duty
from bot.views.incident import card
from bot.views.postmortem import draft_comment, draft_file
from bot.views.postmortem_list import postmortem_list
from tests.support.builders import NEW_YORK, a_guide
from tests.support.cards import ANA, DECLARED, KIM, a_card, a_history, a_page, after, an_event, an_incident
from tests.support.goldens import FOLDER
from tests.support.slack_limits import check_message, tokens

TEMPLATE = a_guide().incidents.postmortem.template
DUTY = Duty(incident="i", epoch=1, owner=ANA, asked_at=after(80), due=after(5000))


def a_draft(**changes: object) -> Draft:
    incident = an_incident(
        status=Status.RESOLVED,
        impact="1 in 3 payments failed",
        acknowledged_by=ANA,
        acknowledged_at=after(3),
        mitigated_at=after(40),
        ended_by=KIM,
        ended_at=after(75),
        update="error rate back to normal",
    )
    shown = a_card(
        incident=incident,
        next_step=None,
        pages=(a_page(0, DECLARED, confirmed_at=after(0.1)), a_page(1, after(15))),
        roles=(("Incident commander", ANA),),
        postmortem=DUTY,
    )
    draft = Draft(
        card=shown,
        page=a_history(
            an_event(EventKind.DECLARED, {"title": "checkout is down"}, actor=KIM, at=after(0)),
            an_event(EventKind.ACKNOWLEDGED, actor=ANA, at=after(3)),
            an_event(EventKind.REFUSED, {"asked": "cancel"}, actor=ANA, at=after(4)),
            an_event(EventKind.RESOLVED, {"text": "rolled *back* <v42>"}, actor=KIM, at=after(75)),
        ),
        duty=DUTY,
        asked=an_event(
            EventKind.POSTMORTEM_ASKED, {"owner": "Ana Ortiz", "due": "Fri 13 Mar, 17:00 EDT"}, sequence=9
        ),
        mentions=Mentions(who=Mention(people=(ANA.id,)), names=()),
        template=TEMPLATE,
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def test_the_draft_is_as_it_was_last_looked_at() -> None:
    golden = FOLDER / "postmortem.md"
    check_text(golden, draft_file(a_draft(), NEW_YORK))


def check_text(golden: Path, text: str) -> None:
    if os.environ.get("UPDATE_GOLDENS"):
        golden.write_text(text)
    assert golden.read_text() == text


def test_the_timeline_shows_what_holds_and_how_much_is_left_out() -> None:
    page = a_history(
        an_event(EventKind.NOTED, {"text": "traffic moved"}, actor=KIM),
        an_event(EventKind.RESOLVED, {"text": "rolled back"}, actor=KIM),
        an_event(EventKind.RESOLVED, {"text": "fixed it"}, actor=KIM),
        earlier=7,
        amendments=[
            an_event(EventKind.CORRECTED, {"of": 8, "text": "half of it moved"}, actor=ANA, sequence=11),
            an_event(EventKind.CORRECTED, {"of": 9, "text": "rolled forward"}, actor=ANA, sequence=12),
            an_event(EventKind.STRUCK, {"of": 10, "text": "not yet"}, actor=ANA, sequence=13),
        ],
    )
    text = draft_file(a_draft(page=page), NEW_YORK)
    assert "- *The 7 earliest entries are left out here: `/incident export 42` has them.*" in text
    assert "half of it moved (corrected by Ana Ortiz)" in text
    assert "Struck out by Ana Ortiz: not yet" in text
    assert "Last word: rolled forward." in text
    assert not any(first in text for first in ("traffic moved", "rolled back", "fixed it"))


def test_the_comment_asks_whoever_writes_it() -> None:
    said = draft_comment(a_draft())
    assert said.startswith("Ana Ortiz: the post-mortem of P0 #42 is due by Fri 13 Mar, 17")
    assert said.endswith(f"<@{ANA.id}>")


def test_outsiders_learn_only_that_one_is_owed() -> None:
    secret = a_draft(card=a_card(incident=an_incident(security=True, title="token leaked")))
    said = draft_comment(secret, redacted=True)
    assert "Security incident 42" in said
    assert "token" not in said


@given(title=st.text(max_size=60), text=st.text(max_size=60))
def test_whatever_people_wrote_formats_nothing(title: str, text: str) -> None:
    draft = a_draft(card=a_card(incident=an_incident(title=title, impact=text, update=text)))
    written = draft_file(draft, NEW_YORK)
    plain = draft_file(
        a_draft(card=a_card(incident=an_incident(title="x", impact="x", update="x"))), NEW_YORK
    )
    assert written.count("\n") == plain.count("\n"), "no line begins that is not the template's"
    assert "{title}" not in written or "{title}" in title + text


def test_a_card_shows_where_it_stands_or_who_writes_it() -> None:
    def shown(duty: Duty) -> str:
        return str(card(replace(a_draft().card, postmortem=duty), zone=NEW_YORK).blocks)

    assert "Ana Ortiz, by" in shown(DUTY)
    assert "https://wiki.example.com/1|wiki.example.com" in shown(DUTY.finish("https://wiki.example.com/1"))
    assert "Not needed: same cause" in shown(DUTY.waive("same cause"))


@given(st.text(max_size=300))
def test_any_reason_makes_a_card_that_slack_takes(reason: str) -> None:
    duty = replace(DUTY, reason=reason, state=DUTY.waive("x").state)
    body = card(replace(a_draft().card, postmortem=duty), zone=NEW_YORK).to_json()
    check_message(body)


def test_the_list_has_the_late_ones_and_hides_what_outsiders_may_not_read() -> None:
    secret = an_incident(number=7, security=True, title="token leaked")
    owed = [(DUTY, an_incident(), True), (DUTY, secret, False)] * 40
    body = postmortem_list(owed, after(5000) + timedelta(minutes=1), zone=NEW_YORK).to_json()
    check_message(body)
    assert tokens(body) == []
    assert "80 post-mortems to write, 80 late" in str(body)
    assert "Security incident 7" in str(body)
    assert "token" not in str(body)
