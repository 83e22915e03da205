from __future__ import annotations

import pytest

from bot.domain.actor import Actor
from bot.domain.card import Mentions
from bot.domain.event import Event, EventData, EventKind
from bot.domain.guide import Mention
from bot.domain.severity import Severity
from bot.views.thread import line, sentence
from tests.support.cards import ANA, LEADS, NOBODY, SILENT, a_card, an_event, an_incident
from tests.support.change_sentences import CHANGE_SENTENCES
from tests.support.goldens import check_golden
from tests.support.run_sentences import RUN_SENTENCES
from tests.support.runbook_sentences import RUNBOOK_SENTENCES
from tests.support.slack_limits import check_message, tokens

PAGED_LEAD: EventData = {"step": 1, "tier": "team-lead", "title": "Team Lead", "reason": "timer"}
UNREACHED = an_event(EventKind.PAGED, {**PAGED_LEAD, "reached": False})

SENTENCES = [
    (an_event(EventKind.DECLARED, actor=ANA), "Declared by Ana Ortiz."),
    (
        an_event(EventKind.PAGED, PAGED_LEAD),
        "Team Lead paged: On-call Engineer did not acknowledge in 15 min.",
    ),
    (
        an_event(EventKind.PAGED, {**PAGED_LEAD, "late": True}),
        "Team Lead paged late: opsbot was away when it was time.",
    ),
    (
        an_event(EventKind.PAGED, {"step": 0, "tier": "on-call", "title": "On-call Engineer"}),
        "On-call Engineer paged.",
    ),
    (
        an_event(EventKind.PAGED, {"step": 4, "tier": "director", "title": "Director", "reason": "timer"}),
        "Director paged again: nobody acknowledged in 15 min.",
    ),
    (
        an_event(EventKind.PAGED, {**PAGED_LEAD, "reason": "asked"}, actor=ANA),
        "Ana Ortiz escalated to Team Lead.",
    ),
    (
        an_event(EventKind.TIME_SET, {"moment": "started", "said": "2026-03-10 03:01 EDT"}, actor=ANA),
        "Ana Ortiz says that it started 2026-03-10 03:01 EDT.",
    ),
    (
        an_event(EventKind.TIME_SET, {"moment": "detected", "said": None}, actor=ANA),
        "Ana Ortiz says that it is not known when it was detected.",
    ),
    (an_event(EventKind.ALERT_FIRED, {"title": "HighErrorRate"}), "Firing."),
    (an_event(EventKind.ALERT_FIRED_AGAIN, {"flaps": 1}), "Firing again."),
    (an_event(EventKind.ALERT_FIRED_AGAIN, {"flaps": 2}), "Firing again, for the 3rd time."),
    (an_event(EventKind.ALERT_FIRED_AGAIN, {"flaps": 10}), "Firing again, for the 11th time."),
    (
        an_event(EventKind.ALERT_RAISED, {"from": "P2", "to": "P1"}),
        "Worse alerts came: P2 is P1 now. It is to be acknowledged anew.",
    ),
    (an_event(EventKind.ALERT_RAISED, {"from": "P1", "to": "P1"}), "Alerts came that reach somebody: P1."),
    (
        an_event(EventKind.ALERT_RESOLVED, {"after_s": 720}),
        "✅ Resolved after 12 min: none of its alerts fires any more.",
    ),
    (
        an_event(EventKind.UNACKNOWLEDGED, {"who": "Lee Novak"}, actor=ANA),
        "Ana Ortiz gave it back. Lee Novak had acknowledged it. It is to be acknowledged anew.",
    ),
    (
        an_event(EventKind.UNACKNOWLEDGED, {"who": "Ana Ortiz"}, actor=ANA),
        "Ana Ortiz gave it back. It is to be acknowledged anew.",
    ),
    (an_event(EventKind.SILENCED, {"for_s": 3600}, actor=ANA), "Silenced by Ana Ortiz for 1 h."),
    (
        an_event(EventKind.SILENCED, {"for_s": 3600, "comment": "deploying"}, actor=ANA),
        "Silenced by Ana Ortiz for 1 h: deploying",
    ),
    (
        an_event(EventKind.SILENCED, {"for_s": 60}, actor=Actor(id="alertmanager", name="sre")),
        "Silenced by sre in Alertmanager for 1 min.",
    ),
    (an_event(EventKind.SILENCE_SET), "Alertmanager has the silence."),
    (
        an_event(EventKind.SILENCE_FAILING, {"reason": "No answer."}),
        (
            "⚠️ Alertmanager has not taken the silence yet (No answer). Still trying. Meanwhile opsbot pages "
            "nobody for it, but Alertmanager itself is not quiet."
        ),
    ),
    (an_event(EventKind.SILENCE_TAKEN), "Alertmanager has taken the silence after all."),
    (
        an_event(EventKind.SILENCE_REFUSED, {"reason": "No answer."}),
        "⚠️ Alertmanager does not take the silence (No answer).",
    ),
    (
        an_event(EventKind.SILENCE_STAYS, {"reason": "No answer."}),
        "⚠️ The silence could not be ended in Alertmanager yet (No answer). Still trying.",
    ),
    (
        an_event(EventKind.SILENCE_STAYS, {"reason": "401.", "final": True}),
        "⚠️ Alertmanager does not end the silence (401). End it there.",
    ),
    (an_event(EventKind.SILENCE_ENDED), "The silence has been ended in Alertmanager after all."),
    (
        an_event(EventKind.SILENCE_OVER, {"expired": True, "fires": True}),
        "The silence has run out. It still fires.",
    ),
    (
        an_event(EventKind.SILENCE_OVER, {"expired": False, "fires": False}, actor=ANA),
        "Silence ended by Ana Ortiz.",
    ),
    (
        an_event(EventKind.ALERTS_LINKED, {"alerts": "A12 (HighErrorRate)", "count": 1}),
        "Alert A12 (HighErrorRate) belongs to this incident.",
    ),
    (
        an_event(
            EventKind.ALERTS_LINKED, {"alerts": "A1 (X), A2 (Y)", "count": 2, "worse": "A1, A2"}, actor=ANA
        ),
        (
            "Alerts A1 (X), A2 (Y) belong to this incident, says Ana Ortiz. "
            "A1, A2, worse than the incident, page beside it."
        ),
    ),
    (
        an_event(EventKind.ALERTS_UNLINKED, {"alerts": "A12 (HighErrorRate)", "count": 1}, actor=ANA),
        "Alert A12 (HighErrorRate) was taken from this incident by Ana Ortiz.",
    ),
    (
        an_event(EventKind.ALERTS_FIRING, {"alerts": "A12 (HighErrorRate)", "count": 1}),
        "Alert A12 (HighErrorRate) fires again.",
    ),
    (
        an_event(EventKind.ALERTS_RESOLVED, {"alerts": "A1 (X), A2 (Y)", "count": 2, "still": 1}),
        "Alerts A1 (X), A2 (Y) are resolved. 1 more still fires.",
    ),
    (
        an_event(EventKind.ALERTS_ASKED, {"alerts": "A1 (X), A2 (Y)", "count": 2, "to": "Ana"}),
        "Ana: All its alerts are resolved: A1 (X), A2 (Y). Is it over?",
    ),
    (an_event(EventKind.ALERTS_KEPT, actor=ANA), "Ana Ortiz says that it is not over yet."),
    (an_event(EventKind.ALERT_JOINED, {"number": 42}), "It belongs to incident #42."),
    (an_event(EventKind.ALERT_LEFT, {"number": 42}), "It belongs to incident #42 no more."),
    (an_event(EventKind.EXPORTED, {"format": "md"}, actor=ANA), "Ana Ortiz exported the timeline."),
    (
        an_event(EventKind.MESSAGE_CHANGED, {"of": 7, "text": "it was 14:05"}),
        "The message of entry 7 now says: it was 14:05",
    ),
    (an_event(EventKind.MESSAGE_DELETED, {"of": 7}), "The message of entry 7 was deleted."),
    (an_event(EventKind.NOTED, {"text": "traffic moved"}, actor=ANA), "Note by Ana Ortiz: traffic moved"),
    (
        an_event(EventKind.CORRECTED, {"of": 7, "text": "it was 14:05"}, actor=ANA),
        "Ana Ortiz corrects entry 7 of the timeline: it was 14:05",
    ),
    (
        an_event(EventKind.STRUCK, {"of": 7, "text": None}, actor=ANA),
        "Ana Ortiz strikes entry 7 of the timeline out: it is wrong",
    ),
    (UNREACHED, "⚠️ Team Lead has no PagerDuty routing key: not paged."),
    (
        an_event(EventKind.PAGED, {**PAGED_LEAD, "reached": False, "why": "is reached in Slack only"}),
        "⚠️ Team Lead is reached in Slack only: not paged.",
    ),
    (
        an_event(EventKind.MENTIONED, {"step": 0, "reason": "timer"}),
        "Platform Team: P0 #42 is not acknowledged.",
    ),
    (
        an_event(EventKind.MENTIONED, {"step": 2, "reason": "timer"}),
        "Platform Team: P0 #42 is still not acknowledged.",
    ),
    (
        an_event(EventKind.MENTIONED, {"step": 1, "reason": "asked"}, actor=ANA),
        "Ana Ortiz asks Platform Team to look at P0 #42.",
    ),
    (
        an_event(EventKind.UPDATE_ASKED, {"to": "Ana", "silent_seconds": 1800, "after_update": True}),
        "Ana, how do things stand? The latest update is 30 min old.",
    ),
    (
        an_event(EventKind.UPDATE_ASKED, {"to": None, "silent_seconds": 1800, "after_update": False}),
        "How do things stand? Nothing has been written for 30 min.",
    ),
    (
        an_event(EventKind.ATTENDANCE_ASKED, {"to": "Ana", "silent_seconds": 3600, "within_seconds": 900}),
        (
            "Ana, are you still on it? Nobody has done anything here for 1 h. Unless somebody answers in "
            "15 min, P0 #42 counts as not acknowledged and is paged again."
        ),
    ),
    (an_event(EventKind.STILL_ON_IT, actor=ANA), "Ana Ortiz is still on it."),
    (
        an_event(EventKind.UNATTENDED, {"who": "Ana"}),
        (
            "⚠️ Nobody has answered: P0 #42 counts as not acknowledged any more and is paged again, "
            "from the beginning. Ana had it."
        ),
    ),
    (
        an_event(EventKind.UPDATES_SET, {"every_seconds": 3600}, actor=ANA),
        "Ana Ortiz has updates asked for every 1 h.",
    ),
    (
        an_event(EventKind.UPDATES_SET, {"every_seconds": 0}, actor=ANA),
        "Ana Ortiz wants nobody to be asked for updates.",
    ),
    (
        an_event(EventKind.UPDATES_SET, {"snoozed_seconds": 1800}, actor=ANA),
        "Ana Ortiz wants to be asked later, in 30 min.",
    ),
    (
        an_event(EventKind.IMPACT_SET, {"text": "customers cannot pay"}, actor=ANA),
        "Impact described by Ana Ortiz: customers cannot pay",
    ),
    (
        an_event(EventKind.EXHAUSTED, {"tried": "On-call Engineer, Team Lead, Director", "repeats": True}),
        (
            "🚨 Nobody has acknowledged P0 #42. Tried: On-call Engineer, Team Lead, Director. "
            "Paging Director again every 15 min."
        ),
    ),
    (
        an_event(EventKind.EXHAUSTED, {"tried": "On-call Engineer", "repeats": False}),
        "🚨 Nobody has acknowledged P0 #42. Tried: On-call Engineer. Nobody is paged any more.",
    ),
    (an_event(EventKind.ACKNOWLEDGED, actor=ANA), "Acknowledged by Ana Ortiz."),
    (an_event(EventKind.MITIGATED, {"text": None}, actor=ANA), "Mitigated by Ana Ortiz."),
    (
        an_event(EventKind.RESOLVED, {"text": "rolled back"}, actor=ANA),
        "Resolved by Ana Ortiz: rolled back",
    ),
    (an_event(EventKind.REOPENED, actor=ANA), "Reopened by Ana Ortiz."),
    (
        an_event(EventKind.CANCELLED, {"text": "a test"}, actor=ANA),
        "Cancelled as a false alarm by Ana Ortiz: a test",
    ),
    (
        an_event(EventKind.LIKELY_SAME, {"label": "P0 #41", "title": "checkout hangs", "seconds": 360}),
        "Same as P0 #41 (checkout hangs), declared 6 min ago?",
    ),
    (an_event(EventKind.MERGED, {"into": 41}, actor=ANA), "Merged into #41 by Ana Ortiz: it goes on there."),
    (
        an_event(
            EventKind.TOOK_IN,
            {"number": 43, "severity": "P1", "title": "orders hang", "declared_by": "Kim"},
            actor=ANA,
        ),
        "P1 #43 (orders hang, declared by Kim) was merged into this one by Ana Ortiz.",
    ),
    (
        an_event(EventKind.LEFT, {"number": 43, "severity": "P1", "title": "orders hang"}, actor=ANA),
        "P1 #43 (orders hang) was reopened by Ana Ortiz: it goes on by itself again.",
    ),
    (
        an_event(EventKind.SEVERITY_CHANGED, {"from": "P1", "to": "P0"}, actor=ANA),
        "Raised from P1 to P0 by Ana Ortiz.",
    ),
    (
        an_event(EventKind.SEVERITY_CHANGED, {"from": "P1", "to": "P3"}, actor=ANA),
        "Lowered from P1 to P3 by Ana Ortiz.",
    ),
    (an_event(EventKind.UPDATED, {"text": "looking"}, actor=ANA), "Update by Ana Ortiz: looking"),
    (
        an_event(EventKind.ROLE_GIVEN, {"title": "Scribe", "to": "Ana Ortiz"}, actor=ANA),
        "Ana Ortiz is Scribe now.",
    ),
    (
        an_event(EventKind.ROLE_GIVEN, {"title": "Scribe", "to": "lee", "from": "kim"}, actor=ANA),
        "lee is Scribe now in place of kim, says Ana Ortiz.",
    ),
    (
        an_event(EventKind.ROLE_GIVEN, {"title": "Scribe", "to": None, "from": "kim"}, actor=ANA),
        "kim is no longer Scribe; nobody is.",
    ),
    (
        an_event(EventKind.MESSAGE_ADDED, {"author": "kim", "text": "I see 502s"}, actor=ANA),
        "kim wrote: I see 502s",
    ),
    (
        an_event(EventKind.MESSAGE_ADDED, {"author": "kim", "text": "", "private": True}, actor=ANA),
        "It began with a message of kim's in a private channel, where its text stays.",
    ),
    (
        an_event(
            EventKind.MESSAGE_ADDED, {"author": "kim", "text": "", "private": True, "way": "menu"}, actor=ANA
        ),
        "A message of kim's in a private channel, where its text stays.",
    ),
    (
        an_event(EventKind.REFUSED, {"asked": "change_severity"}, actor=ANA),
        "Ana Ortiz asked to change the severity of it: refused.",
    ),
    (
        an_event(EventKind.PAGE_CONFIRMED, {"title": "Team Lead"}),
        "PagerDuty shows an incident for the page of Team Lead.",
    ),
    (
        an_event(EventKind.PAGE_UNCONFIRMED, {"title": "Team Lead"}),
        (
            "⚠️ PagerDuty took the page for Team Lead but shows no incident for it: somebody may not be "
            "notified. Call them."
        ),
    ),
    (
        an_event(EventKind.PAGE_FAILING, {"title": "Director", "reason": "401: bad key."}),
        "⚠️ PagerDuty does not take the page for Director (401: bad key). Still trying. Call them.",
    ),
    (
        an_event(EventKind.PAGE_TAKEN, {"title": "Director", "after_s": 183}),
        "PagerDuty took the page for Director after 3 min.",
    ),
    (
        an_event(EventKind.PAGER_CHANGED, {"status": "resolved"}),
        (
            "PagerDuty has resolved its incident, and does not say that a person did. "
            "Here nothing changes: paging goes on until somebody acknowledges."
        ),
    ),
    (
        an_event(EventKind.DELIVERY_DIED, {"delivery": "page_resolve", "reason": "refused"}),
        "⚠️ Given up (page resolve): refused. Look into PagerDuty yourself.",
    ),
    (
        an_event(EventKind.ROOM_MADE, {"name": "inc-42-checkout-is-down"}),
        "Its channel is #inc-42-checkout-is-down.",
    ),
    (
        an_event(EventKind.ROOM_FAILED, {"step": "room_create", "reason": "a scope is missing."}),
        "⚠️ It gets no channel of its own: a scope is missing. It goes on here.",
    ),
    (
        an_event(EventKind.ROOM_LEFT, {"name": "inc-42-checkout-is-down"}),
        (
            "⚠️ #inc-42-checkout-is-down was archived, or opsbot was taken out of it. "
            "The incident goes on here."
        ),
    ),
    (
        an_event(EventKind.ROOM_ARCHIVED, {"name": "inc-42-checkout-is-down"}),
        "Its channel #inc-42-checkout-is-down was archived.",
    ),
    (
        an_event(
            EventKind.ITEM_ADDED,
            {"item": 3, "text": "rotate the keys", "owner": "Kim", "due": "Wed 1 Apr 2026"},
            actor=ANA,
        ),
        "Ana Ortiz added item 3: rotate the keys. Kim does it, by Wed 1 Apr 2026.",
    ),
    (
        an_event(EventKind.ITEM_DONE, {"item": 3, "text": "rotate the keys"}, actor=ANA),
        "Done, says Ana Ortiz: item 3: rotate the keys",
    ),
    (
        an_event(EventKind.ITEM_DROPPED, {"item": 3, "text": "rotate", "reason": "switched off"}, actor=ANA),
        "Ana Ortiz dropped item 3: rotate. Why: switched off",
    ),
    (
        an_event(EventKind.ITEM_GIVEN, {"item": 3, "text": "rotate", "owner": "Kim"}, actor=ANA),
        "Kim does item 3: rotate, says Ana Ortiz.",
    ),
    (
        an_event(EventKind.ITEM_PUT_OFF, {"item": 3, "text": "rotate", "due": "Wed 1 Apr 2026"}, actor=ANA),
        "Ana Ortiz put off item 3: rotate. It is due by Wed 1 Apr 2026 now.",
    ),
    (
        an_event(
            EventKind.ITEM_REMINDED,
            {"item": 3, "text": "rotate", "owner": "Kim", "due": "Wed 1 Apr 2026", "late": True},
        ),
        "Kim: item 3: rotate is still to be done. It was due by Wed 1 Apr 2026.",
    ),
    (
        an_event(EventKind.POSTMORTEM_ASKED, {"owner": "Kim", "due": "Fri 13 Mar, 17:00 EDT"}),
        "Kim is asked for the post-mortem by Fri 13 Mar, 17:00 EDT.",
    ),
    (an_event(EventKind.POSTMORTEM_DRAFTED, actor=ANA), "Ana Ortiz asked for a post-mortem's draft."),
    (
        an_event(EventKind.POSTMORTEM_REMINDED, {"owner": "Kim", "due": "Fri 13 Mar", "late": True}),
        (
            "Kim: the post-mortem of P0 #42 was due by Fri 13 Mar. Written? /incident postmortem 42 done "
            "https://… None needed? /incident postmortem 42 not-needed why"
        ),
    ),
    (
        an_event(EventKind.POSTMORTEM_DONE, {"link": "https://a.example/1"}, actor=ANA),
        "The post-mortem is done, says Ana Ortiz: https://a.example/1",
    ),
    (
        an_event(EventKind.POSTMORTEM_WAIVED, {"reason": "same cause as #7"}, actor=ANA),
        "No post-mortem is needed, says Ana Ortiz: same cause as #7",
    ),
    (
        an_event(EventKind.POSTMORTEM_GIVEN, {"to": "Kim"}, actor=ANA),
        "Kim writes the post-mortem, says Ana Ortiz.",
    ),
    (an_event(EventKind.SLO_NOTED), "The error budget was looked at."),
    *RUN_SENTENCES,
    *CHANGE_SENTENCES,
    (
        an_event(EventKind.CALLED, {"tier": "team-lead", "title": "Team Lead", "reason": "come"}, actor=ANA),
        "Ana Ortiz pages Team Lead: come",
    ),
    (an_event(EventKind.CALLED_OFF, actor=ANA), "Called off by Ana Ortiz: nobody needs to come any more."),
    *RUNBOOK_SENTENCES,
]


@pytest.mark.parametrize(("event", "expected"), SENTENCES)
def test_every_kind_of_event_is_a_sentence(event: Event, expected: str) -> None:
    assert sentence(event, a_card()) == expected


def test_no_kind_of_event_is_left_out() -> None:
    assert {event.kind for event, _ in SENTENCES} == set(EventKind)


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("redacted", [True, False])
def test_an_event_without_its_facts_is_a_line_all_the_same(kind: EventKind, redacted: bool) -> None:
    check_message(line(an_event(kind), a_card(), NOBODY, redacted=redacted).to_json())


@pytest.mark.parametrize("kind", EventKind)
def test_a_page_of_a_path_that_is_no_more_gives_no_reason(kind: EventKind) -> None:
    shown = a_card(incident=an_incident(path=SILENT, severity=Severity.P3))
    data: EventData = {**PAGED_LEAD, "tried": "Team Lead", "repeats": True}
    assert "did not acknowledge" not in line(an_event(kind, data), shown, NOBODY).text


def test_a_line_that_mentions_is_as_it_was_last_looked_at() -> None:
    check_golden("line-unreached", line(UNREACHED, a_card(), LEADS))


def test_a_line_that_exhausts_the_path_is_as_it_was_last_looked_at() -> None:
    who = Mentions(who=Mention(groups=("S0ONCALL1",), people=("U0DIA0001",)), names=("On-call Engineer",))
    data: EventData = {"tried": "On-call Engineer, Team Lead, Director", "repeats": True}
    check_golden("line-exhausted", line(an_event(EventKind.EXHAUSTED, data), a_card(), who))


def test_a_line_without_mentions_is_as_it_was_last_looked_at() -> None:
    event = an_event(EventKind.UPDATED, {"text": "rolled back <!here> *now*"}, actor=ANA)
    check_golden("line-update", line(event, a_card(), NOBODY))


def test_who_is_mentioned_stands_in_text_and_blocks() -> None:
    said = line(UNREACHED, a_card(), LEADS).to_json()
    assert tokens(said) == ["!subteam^S0LEADS01", "!subteam^S0LEADS01"]
    assert "not paged, mentioned here." in said["text"]


def test_names_are_printed_where_the_guide_has_nobody_to_mention() -> None:
    said = line(UNREACHED, a_card(), Mentions(who=Mention(), names=("Team Lead",)))
    assert said.text.endswith("not paged. Nobody is mentioned: the guide names nobody for Team Lead.")


def test_what_is_no_slack_id_is_no_mention() -> None:
    odd = Mentions(who=Mention(groups=("here>",), people=("!channel",)), names=("Team Lead",))
    assert tokens(line(UNREACHED, a_card(), odd).to_json()) == []


def test_a_line_outside_the_thread_says_of_which_incident() -> None:
    said = line(an_event(EventKind.ACKNOWLEDGED, actor=ANA), a_card(), NOBODY, labelled=True)
    assert said.text == "P0 #42 · checkout is down: Acknowledged by Ana Ortiz."


@pytest.mark.parametrize("kind", EventKind)
def test_a_redacted_line_holds_no_text_of_people(kind: EventKind) -> None:
    data: EventData = {
        "text": "token leaked",
        "title": "token",
        "reason": "token",
        "tried": "token",
        "asked": "token",
    }
    incident = an_incident(security=True, title="token leaked")
    event = an_event(kind, data, actor=ANA)
    said = line(event, a_card(incident=incident), LEADS, redacted=True, labelled=True).to_json()
    assert said["text"].startswith("Security incident 42, P0: ")
    assert "token" not in str(said)
    assert "Ana" not in str(said)
