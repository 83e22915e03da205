from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DomainError, NotFoundError
from handlers.lines import Command
from handlers.words.contacts import ContactsHelp, ShowContacts, parse_contacts
from handlers.words.on_call import OnCallHelp, ShowOnCall, ShowOwner, ShowTier, parse_on_call
from handlers.words.page import (
    AnswerCall,
    AskPage,
    CallOff,
    ListCalls,
    OpenPageForm,
    PageHelp,
    line_of_calls,
    parse_page,
)
from tests.support.builders import a_guide


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", ShowOnCall()),
        ("  all ", ShowOnCall()),
        ("help", OnCallHelp()),
        ("team-lead", ShowTier(tier="team-lead")),
        ("Team  Lead", ShowTier(tier="team-lead")),
        ("dir", ShowTier(tier="director")),
        ("payment", ShowOwner(team="platform-team", service="payment")),
        ("Payment Service", ShowOwner(team="platform-team", service="payment")),
        ("devops", ShowOwner(team="devops-team")),
    ],
)
def test_who_is_on_call_is_asked_by_tier_service_or_team(line: str, asked: object) -> None:
    assert parse_on_call(line, a_guide()) == asked


@pytest.mark.parametrize("key", [*a_guide().tiers, *a_guide().services, *a_guide().teams])
def test_every_tier_service_and_team_is_found_by_its_key(key: str) -> None:
    command = parse_on_call(key, a_guide())
    assert command.line == key


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        NotFoundError, match=r"no service or tier “paymnt” in the guide\. The nearest: `payment`"
    ):
        parse_on_call("paymnt", a_guide())


def test_a_beginning_of_several_names_them_each_once() -> None:
    with pytest.raises(
        NotFoundError, match="“p” is the beginning of more than one: `payment`, `platform-team`"
    ):
        parse_on_call("p", a_guide())


def titles(line: str) -> list[str]:
    command = parse_contacts(line, a_guide())
    assert isinstance(command, ShowContacts)
    of_teams, of_vendors = (one.title for one in command.teams), (one.title for one in command.vendors)
    return [*(one.title for one in command.contacts), *of_teams, *of_vendors]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("security", ["Security Team", "Security Team"]),
        ("aws", ["AWS Support"]),
        ("aws support", ["AWS Support"]),
        ("Stakeholders", ["Business Stakeholders"]),
        ("vendors", ["AWS Support", "PagerDuty", "DataDog"]),
        ("TEAMS", ["Platform Team", "Security Team", "DevOps Team"]),
    ],
)
def test_contacts_are_asked_by_how_a_word_of_their_name_begins(line: str, shown: list[str]) -> None:
    assert titles(line) == shown


def test_all_contacts_are_those_of_the_guide_in_its_order() -> None:
    guide = a_guide()
    teams, vendors = guide.teams.values(), guide.vendors.values()
    everybody = [*(one.title for one in guide.contacts), *(one.title for one in teams)]
    assert titles("") == [*everybody, *(one.title for one in vendors)]


def test_help_is_a_word_of_its_own() -> None:
    assert parse_contacts("help", a_guide()) == ContactsHelp()


def test_who_is_not_in_the_guide_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"nobody called “datadgo”\. The nearest: `datadog`"):
        parse_contacts("datadgo", a_guide())


@given(st.text(max_size=80))
def test_any_line_is_read_or_refused_in_words(line: str) -> None:
    for parse in (parse_on_call, parse_contacts):
        try:
            parse(line, a_guide())
        except NotFoundError as error:
            assert "The nearest" in str(error) or "beginning of more than one" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", OpenPageForm()),
        ("team-lead", OpenPageForm(tier="team-lead")),
        ("team-lead the provider calls", AskPage(tier="team-lead", reason="the provider calls")),
        ("Team Lead: the provider calls", AskPage(tier="team-lead", reason="the provider calls")),
        ("team the provider calls", AskPage(tier="team-lead", reason="the provider calls")),
        ("on-call engineer, come", AskPage(tier="on-call", reason="come")),
        ("director &lt;b&gt; &amp; co", AskPage(tier="director", reason="<b> & co")),
        ("ack", AnswerCall()),
        ("ack PG3", AnswerCall(number=3)),
        ("ACK #3", AnswerCall(number=3)),
        ("cancel pg12", CallOff(number=12)),
        ("list", ListCalls()),
        ("help", PageHelp()),
    ],
)
def test_somebody_is_paged_by_a_tier_and_why(line: str, asked: Command) -> None:
    assert parse_page(line, a_guide()) == asked
    assert parse_page(asked.line, a_guide()) == asked


@pytest.mark.parametrize(
    ("line", "of_calls"),
    [
        ("ack PG3", "ack PG3"),
        (" cancel pg #12 ", "cancel pg #12"),
        ("ack 3", None),
        ("ack PG3 please", None),
        ("page PG3", None),
    ],
)
def test_a_line_about_calls_is_known_by_their_number(line: str, of_calls: str | None) -> None:
    assert line_of_calls(line) == of_calls


@given(st.text(max_size=80), st.sampled_from(["", "team-lead ", "ack ", "cancel ", "tea "]))
def test_any_line_of_a_page_is_read_or_refused_in_words(line: str, before: str) -> None:
    try:
        command = parse_page(f"{before}{line}", a_guide())
    except DomainError as error:
        assert str(error)  # noqa: PT017
    else:
        assert parse_page(command.line, a_guide()) == command
