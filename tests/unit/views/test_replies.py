from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.event import EventKind
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.views.help import HELP_EXAMPLES, help_message
from bot.views.replies import (
    answer,
    incident_details,
    incident_list,
    refusal,
    unknown_word,
)
from bot.views.severities import severities_message
from handlers.grammar import parse
from handlers.lines import Unknown
from tests.support.builders import a_guide
from tests.support.cards import ANA, a_card, a_history, after, an_event, an_incident
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message

SERVICES = {"payment": "Payment Service", "api-gateway": "API Gateway"}
HISTORY = (
    an_event(EventKind.DECLARED, {"title": "checkout is down"}, actor=ANA, at=after(0)),
    an_event(EventKind.ACKNOWLEDGED, actor=ANA, at=after(3)),
)


def test_help_is_as_it_was_last_looked_at() -> None:
    check_golden("help", help_message(SERVICES))


def test_every_example_of_the_help_is_a_command() -> None:
    for example, _ in HELP_EXAMPLES:
        assert not isinstance(parse(example, SERVICES), Unknown)


def test_the_matrix_of_severities_is_as_it_was_last_looked_at() -> None:
    check_golden("severities", severities_message(a_guide()))


@given(st.text(), st.text(), st.booleans(), st.booleans())
def test_whatever_the_guide_calls_its_severities_slack_takes_it(
    title: str, meaning: str, pages: bool, repeats: bool
) -> None:
    guide = a_guide()
    policies = {
        key: replace(one, title=title, meaning=meaning, pages=pages and bool(one.path), repeats=repeats)
        for key, one in guide.severities.items()
    }
    tiers = {key: replace(one, title=title) for key, one in guide.tiers.items()}
    check_message(severities_message(replace(guide, severities=policies, tiers=tiers)).to_json())


def test_a_list_is_as_it_was_last_looked_at() -> None:
    taken = an_incident(number=40, status=Status.ACKNOWLEDGED, acknowledged_by=ANA, acknowledged_at=after(3))
    minor = an_incident(number=43, severity=Severity.P2, title="> slow & <odd>", declared_at=after(5))
    cards = [a_card(incident=minor), a_card(incident=taken, next_step=None), a_card()]
    check_golden("list", incident_list(cards, after(10)))


def test_an_empty_list_says_so() -> None:
    assert incident_list([], after(0)).text == "No incident is open."


def test_the_most_urgent_comes_first_then_the_newest() -> None:
    old = a_card(incident=an_incident(number=1))
    new = a_card(incident=an_incident(number=2, declared_at=after(5)))
    minor = a_card(incident=an_incident(number=3, severity=Severity.P3, declared_at=after(6)))
    listed = incident_list([minor, old, new], after(10)).text
    assert listed.index("#2") < listed.index("#1") < listed.index("#3")


def test_a_long_list_is_cut_and_says_so() -> None:
    message = incident_list([a_card(incident=an_incident(number=n)) for n in range(60)], after(1))
    check_message(message.to_json())
    assert "20 less urgent or older ones are not shown" in str(message.blocks[-1])


def test_details_are_as_they_were_last_looked_at() -> None:
    check_golden("details", incident_details(a_card(), a_history(*HISTORY)))


def test_a_long_history_is_cut_and_says_so() -> None:
    events = [an_event(EventKind.UPDATED, {"text": "& " * 900}, at=after(n)) for n in range(60)]
    message = incident_details(a_card(), a_history(*events))
    check_message(message.to_json())
    numbers = [number for number in range(1, 61) if f"`{number}`" in str(message.blocks)]
    assert numbers == list(range(numbers[0], 61)), "the newest are shown"
    assert f"{numbers[0] - 1} earlier entries are not shown" in str(message.blocks)


def test_redacted_details_hold_no_text_of_people() -> None:
    incident = an_incident(security=True, title="token leaked", status=Status.ACKNOWLEDGED)
    shown = incident_details(
        a_card(incident=replace(incident, acknowledged_by=ANA)), a_history(*HISTORY), redacted=True
    )
    body = str(shown.to_json())
    assert "Security incident 42, P0" in body
    assert not [secret for secret in ("token", "Ana", "checkout", "Payment") if secret in body]


def test_an_answer_keeps_its_code_and_nothing_else_of_markup() -> None:
    shown = answer("P0 #42 *is* <!here> acknowledged. `reopen 42` starts_it _again_.")
    assert shown.text == (
        "P0 #42 \u2217is\u2217 &lt;!here&gt; acknowledged. `reopen 42` starts_it \u02cdagain\u02cd."
    )


def test_an_answer_keeps_its_lines() -> None:
    assert answer("2 are open.\nOpen: #1 a, #2 b.").text == "2 are open.\nOpen: #1 a, #2 b."


def test_a_repeated_answer_says_so() -> None:
    assert "done already" in str(answer("P0 #42 is declared.", repeated=True).blocks)


def test_a_refusal_says_why() -> None:
    assert refusal("Nothing to do: `x`.").text == "Nothing to do: `x`."


def test_an_unknown_word_is_as_it_was_last_looked_at() -> None:
    check_golden("unknown-word", refusal(unknown_word("akc", "ack")))


def test_an_unknown_word_near_to_nothing_offers_the_help() -> None:
    said = str(refusal(unknown_word("<!channel>", None)).to_json())
    assert "Did you mean" not in said
    assert "<!channel>" not in said
    assert "`/incident help` shows them all." in said


def test_security_incidents_are_only_counted_where_they_must_not_be_shown() -> None:
    one = incident_list([], after(1), hidden=1).text
    assert one == "No other incident is open. 1 security incident is open; its channel shows it."
    two = incident_list([a_card()], after(1), hidden=2)
    assert "2 security incidents are open; their channel shows them." in two.text
    assert "2 security incidents are open" in str(two.blocks[-1])
