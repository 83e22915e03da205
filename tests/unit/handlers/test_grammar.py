from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.errors import DomainError, InvalidError, NotFoundError
from bot.domain.export import Format
from bot.domain.severity import Severity
from bot.domain.times import Moment
from handlers.grammar import parse
from handlers.lines import Command, Unknown
from handlers.words.counting import Count, DrawChart
from handlers.words.course import (
    Acknowledge,
    ChangeSeverity,
    Escalate,
    GiveRole,
    Reopen,
    TakeTurn,
    Turn,
)
from handlers.words.declaring import Ask, Declare
from handlers.words.looking import Help, ListOpen, Show, ShowSeverities
from handlers.words.merging import Merge
from handlers.words.said import HIGHEST_NUMBER
from handlers.words.timeline import Amend, ExportTimeline, Note, SetTime, ShowTimes, Timeline
from handlers.words.updates import SetImpact, SetUpdates, StillOnIt, Update

SERVICES = ("payment", "api-gateway", "search")
TYPOGRAPHIC_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u201a"
P0, P1 = Severity.P0, Severity.P1


def read(text: str) -> Command:
    return parse(text, SERVICES)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("p0 checkout is down", Declare(severity=P0, title="checkout is down")),
        ("P0: checkout is down", Declare(severity=P0, title="checkout is down")),
        ("p0:checkout is down", Declare(severity=P0, title="checkout is down")),
        ("p1 - checkout is down", Declare(severity=P1, title="checkout is down")),
        ("p1 — checkout is down", Declare(severity=P1, title="checkout is down")),
        ("declare p0 checkout is down", Declare(severity=P0, title="checkout is down")),
        ("  p0   checkout\u00a0is down ", Declare(severity=P0, title="checkout is down")),
        ("p0 p1 was too low", Declare(severity=P0, title="p1 was too low")),
        ("list", ListOpen()),
        ("LIST", ListOpen()),
        ("show", Show()),
        ("show 42", Show(number=42)),
        ("stats", Count()),
        ("stats 2w", Count(length=timedelta(days=14))),
        ("STATS 90D Service:Payment", Count(length=timedelta(days=90), service="payment")),
        ("stats service: payment", Count(service="payment")),
        ("stats chart", DrawChart()),
        ("stats Chart 2w service:payment", DrawChart(length=timedelta(days=14), service="payment")),
        ("show #42", Show(number=42)),
        ("ack", Acknowledge()),
        ("ack 42", Acknowledge(number=42)),
        ("acknowledge #42", Acknowledge(number=42)),
        ("sev p1", ChangeSeverity(severity=P1)),
        ("sev 42 p1", ChangeSeverity(number=42, severity=P1)),
        ("sev P1 #42", ChangeSeverity(number=42, severity=P1)),
        ("severity p1", ChangeSeverity(severity=P1)),
        ("escalate", Escalate()),
        ("escalate 42", Escalate(number=42)),
        ("update rolled back", Update(text="rolled back")),
        ("update 42 rolled back", Update(number=42, text="rolled back")),
        ("update #42: rolled back", Update(number=42, text="rolled back")),
        ("mitigate", TakeTurn(turn=Turn.MITIGATE)),
        ("mitigate 42", TakeTurn(turn=Turn.MITIGATE, number=42)),
        ("resolve 42 rolled back", TakeTurn(turn=Turn.RESOLVE, number=42, text="rolled back")),
        ("close 42", TakeTurn(turn=Turn.RESOLVE, number=42)),
        ("cancel it was a test", TakeTurn(turn=Turn.CANCEL, text="it was a test")),
        ("reopen 42", Reopen(number=42)),
        ("merge 42 into 41", Merge(number=42, into=41)),
        ("merge #42 #41", Merge(number=42, into=41)),
        ("merge into 41", Merge(into=41)),
        ("timeline 42", Timeline(number=42)),
        ("note traffic moved", Note(text="traffic moved")),
        ("note 42 traffic moved", Note(number=42, text="traffic moved")),
        ("correct 42 7 it was 14:05", Amend(number=42, entry=7, text="it was 14:05")),
        ("correct 7 it was 14:05", Amend(entry=7, text="it was 14:05")),
        ("correct 7: 3 shops were hit", Amend(entry=7, text="3 shops were hit")),
        ("strike 42 7", Amend(number=42, entry=7, strike=True)),
        ("strike 7 wrong incident", Amend(entry=7, text="wrong incident", strike=True)),
        ("export 42", ExportTimeline(number=42)),
        ("export json", ExportTimeline(format=Format.JSON)),
        ("export 42 MD", ExportTimeline(number=42)),
        ("times", ShowTimes()),
        ("times 42", ShowTimes(number=42)),
        ("times 42 started 14:05", SetTime(number=42, moment=Moment.STARTED, when="14:05")),
        ("times Detected 20m ago", SetTime(moment=Moment.DETECTED, when="20m ago")),
        ("severities", ShowSeverities()),
        ("Severities", ShowSeverities()),
        ("help", Help()),
        ("help me", Help()),
        ("", Ask()),
        ("   ", Ask()),
        ("declare", Ask()),
        ("drill", Ask(drill=True)),
        ("p0", Ask(severity=P0)),
        ("p0 service:payment", Ask(severity=P0, service="payment")),
        ("p0 security:", Ask(severity=P0, security=True)),
        ("drill p0 security:", Ask(severity=P0, security=True, drill=True)),
    ],
)
def test_a_line_is_read_as_its_command(text: str, command: Command) -> None:
    assert read(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "p0 service:payment checkout is down",
        "p0 checkout is down service:payment",
        "p0 checkout service:PAYMENT is down",
        "p0 checkout is down service: payment",
        "service:payment p0 checkout is down",
        "service: payment p0 checkout is down",
        'p0 service:"payment" checkout is down',
        "p0 service:“payment” checkout is down",
        "p0 service:payment checkout is down service:payment",
    ],
)
def test_a_service_is_named_anywhere_in_the_line(text: str) -> None:
    assert read(text) == Declare(severity=P0, title="checkout is down", service="payment")


@pytest.mark.parametrize(
    "text",
    [
        "p0 security: keys leaked",
        "security: p0 keys leaked",
        "P0: SECURITY: keys leaked",
        "p0 keys leaked security:",
        "p0 keys security:leaked",
        "p0 security:keys leaked",
        "declare security: p0 keys leaked",
        "p0 *security:* keys leaked",
        "p0 *security*: keys leaked",
        "p0 _*Security:*_ keys leaked",
        "p0 `security:` keys leaked",
        "p0 \u201csecurity\u201d: keys leaked",
        "p0 security : keys leaked",
        "p0 *security* : keys leaked",
        "p0 security :keys leaked",
        "p0 security\uff1akeys leaked",
        "p0\uff1asecurity\uff1a keys leaked",
        "p0 security \uff1a keys leaked",
        "p0 keys leaked (security:)",
        "p0 keys leaked (security:",
        "p0 keys security security: : leaked",
        "*security:* p0 keys leaked",
        "security : p0 keys leaked",
        "SECURITY\uff1a p0 keys leaked",
        "(security:) p0 keys leaked",
        "declare security : p0 keys leaked",
    ],
)
def test_security_is_flagged_anywhere_in_the_line(text: str) -> None:
    assert read(text) == Declare(severity=P0, title="keys leaked", security=True)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("p0 (security: keys leaked)", "(keys leaked)"),
        ("p0 security: (keys) leaked", "(keys) leaked"),
        ('p0 "security: keys leaked"', '"keys leaked"'),
        ("p0 \u201csecurity: keys leaked\u201d", '"keys leaked"'),
        ("p0 *security: keys leaked*", "*keys leaked*"),
        ('p0 security:"keys" leaked', '"keys" leaked'),
        ("p0 [security : keys] leaked", "[keys] leaked"),
        ("p0 (security: service:payment keys leaked)", "(keys leaked)"),
    ],
)
def test_what_opens_before_the_flag_and_closes_behind_the_title_stays_with_the_title(
    text: str, title: str
) -> None:
    command = read(text)
    assert isinstance(command, Declare)
    assert (command.title, command.security) == (title, True)


@pytest.mark.parametrize(
    "text", ["p0 security is late", "p0 cybersecurity: late", "p0 the security-team: late", "p0 insecurity :"]
)
def test_security_without_its_colon_or_within_another_word_is_no_flag(text: str) -> None:
    assert read(text) == Declare(severity=P0, title=text.removeprefix("p0 "))


def test_a_word_before_a_colon_in_a_title_stays_in_the_title() -> None:
    assert read("p1 payment service: errors rise") == Declare(
        severity=P1, title="payment service: errors rise"
    )


def test_flags_mean_nothing_in_an_update() -> None:
    assert read("update 42 security: fixed") == Update(number=42, text="security: fixed")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("p0 A &amp; B &lt; C &gt; D", "A & B < C > D"),
        ("p0 &amp;lt; is shown", "&lt; is shown"),
        ("p0 it\u2019s \u201cdown\u201d", 'it\'s "down"'),
        ("p0 <@U012ABC|ana> broke it", "@ana broke it"),
        ("p0 <@U012ABC> broke it", "@U012ABC broke it"),
        ("p0 see <#C012ABC|ops>", "see #ops"),
        ("p0 <!here> it is down", "@here it is down"),
        ("p0 <!subteam^S1|@oncall> it is down", "@oncall it is down"),
        ("p0 <http://shop.example|shop.example> is down", "shop.example is down"),
        ("p0 <https://shop.example/a> is down", "https://shop.example/a is down"),
        ("p0 <https://shop.example/a|the shop> is down", "the shop (https://shop.example/a) is down"),
        ("p0 <mailto:a@b.example|a@b.example> bounces", "a@b.example bounces"),
    ],
)
def test_what_slack_put_in_is_plain_again(text: str, title: str) -> None:
    assert read(text) == Declare(severity=P0, title=title)


def test_an_unknown_word_comes_with_the_nearest_one_and_all_that_was_typed() -> None:
    assert read("Resolv 42 it&amp;s over") == Unknown(
        word="Resolv", nearest="resolve", typed="Resolv 42 it&s over"
    )


def test_a_word_near_to_none_comes_without_one() -> None:
    assert read("xyzzy") == Unknown(word="xyzzy", nearest=None, typed="xyzzy")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("declare checkout is down", "Which severity?"),
        ("security: keys leaked", "Which severity?"),
        ("p4 checkout is down", "there is no P4"),
        ("p99999999999999999999999999 checkout is down", "there is no P9999"),
        ("p0 down service:payment service:search", "not both `payment` and `search`"),
        ("sev", "Which severity?"),
        ("sev 42", "Which severity?"),
        ("sev p1 p2", "Which severity?"),
        ("sev 42 43 p1", "Which severity?"),
        ("sev 42 p1 because", "Which severity?"),
        ("sev p7", "there is no P7"),
        ("note 42", "needs a text"),
        ("correct", "Which entry"),
        ("correct 42 7", "Which entry"),
        ("correct it", "Which entry"),
        ("strike", "Which entry"),
        ("times 42 started", "Which time"),
        ("times 14:05", "Which time"),
        ("export 42 pdf", "As which file"),
        ("update", "needs a text"),
        ("update 42", "needs a text"),
        ("ack payment", "`ack 42`"),
        ("ack 42 43", "`ack 42`"),
        ("reopen it", "`reopen 42`"),
        ("list all", "stands alone"),
    ],
)
def test_a_line_that_means_nothing_is_refused_with_what_is_right(text: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        read(text)


def test_an_unknown_service_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(NotFoundError, match=r"no service `paymnt`\. Did you mean `payment`\?"):
        read("p0 service:paymnt checkout is down")


def test_a_service_near_to_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="The guide has: api-gateway, payment, search"):
        read("p0 service:xyzzy checkout is down")


@pytest.mark.parametrize("number", [str(HIGHEST_NUMBER + 1), "9" * 5000])
def test_a_number_too_big_for_any_incident_is_refused(number: str) -> None:
    with pytest.raises(NotFoundError, match="too big"):
        read(f"ack {number}")


numbers = st.none() | st.integers(0, HIGHEST_NUMBER)
severities = st.sampled_from(Severity)
words = st.lists(
    st.text(
        st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters=TYPOGRAPHIC_QUOTES),
        min_size=1,
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
titles = words.map(lambda title: f"the {title}").filter(
    lambda title: "security" not in title.lower() and "service:" not in title.lower()
)
texts = titles
roles = st.sampled_from(["commander", "communications", "scribe", "lead"])
people = st.builds(
    Actor,
    id=st.from_regex(r"[UW][A-Z0-9]{2,10}", fullmatch=True),
    name=st.sampled_from(["ana", "Lee N", "o'k & c"]),
)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        Declare,
        severity=severities,
        title=titles,
        service=st.none() | st.sampled_from(SERVICES),
        security=st.booleans(),
        drill=st.booleans(),
    ),
    st.builds(
        Ask,
        severity=severities,
        service=st.none() | st.sampled_from(SERVICES),
        security=st.booleans(),
        drill=st.booleans(),
    ),
    st.builds(Acknowledge, number=numbers),
    st.builds(ChangeSeverity, number=numbers, severity=severities),
    st.builds(Escalate, number=numbers),
    st.builds(Update, number=numbers, text=texts),
    st.builds(StillOnIt, number=numbers),
    st.builds(SetImpact, number=numbers, text=texts),
    st.builds(
        SetUpdates,
        number=numbers,
        every=st.none() | st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    st.builds(TakeTurn, turn=st.sampled_from(Turn), number=numbers, text=st.none() | texts),
    st.builds(Reopen, number=numbers),
    st.builds(Merge, number=numbers, into=st.integers(1, 2**31 - 1)),
    st.builds(Timeline, number=numbers),
    st.builds(ShowTimes, number=numbers),
    st.builds(ExportTimeline, number=numbers, format=st.sampled_from(Format)),
    st.builds(SetTime, number=numbers, moment=st.sampled_from(Moment), when=texts),
    st.builds(Note, number=numbers, text=texts),
    st.builds(Amend, number=numbers, entry=st.integers(0, HIGHEST_NUMBER), text=texts, strike=st.booleans()),
    st.builds(GiveRole, number=numbers, role=roles, nobody=st.booleans()),
    st.builds(GiveRole, number=numbers, role=roles, to=people),
    st.builds(Show, number=numbers),
    st.just(ListOpen()),
    st.just(ShowSeverities()),
    st.just(Help()),
)


@given(commands)
def test_every_command_is_read_from_its_own_text(command: Command) -> None:
    assert read(command.line) == command


lines = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "p0",
                "P1:",
                "p9",
                "declare",
                "security:",
                "security:x",
                "*security:*",
                "(security:",
                '"security"',
                "*security",
                "security",
                ":",
                "\uff1a*",
                "service:",
                "service:api",
                "service:payment",
                "payment",
                "-",
                "ack",
                "stats",
                "30d",
                "sev",
                "update",
                "resolve",
                "42",
                "#7:",
                "<@U1|ana>",
                "&lt;",
                "<http://a.b|a.b>",
            ]
        )
        | st.text(max_size=5),
        max_size=8,
    ).map(" ".join),
)


@given(lines)
def test_any_text_is_a_command_or_refused_and_reads_the_same_again(text: str) -> None:
    try:
        command = read(text)
    except DomainError:
        return
    assert read(command.line) == command


@pytest.mark.parametrize(
    "text",
    ["role", "role 42", "role commander lee", "role commander <@U1|ana> <@U2|lee>", "role scribe @lee"],
)
def test_a_role_that_is_given_to_no_one_person_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidError, match="Which role, and whose"):
        read(text)


def test_a_drill_is_declared_like_what_it_practises() -> None:
    assert read("drill p0 service:payment checkout is down") == Declare(
        severity=P0, title="checkout is down", service="payment", drill=True
    )
