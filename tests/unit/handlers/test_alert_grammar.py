"""`/alerts`: what each line means, and what is said of one that means nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import DomainError, InvalidError, NotFoundError
from bot.domain.severity import Severity
from bot.views.alert_help import ALERT_HELP_EXAMPLES
from handlers.alert_grammar import WORDS, parse_alerts
from handlers.lines import Command, Unknown
from handlers.words.alert_deeds import DeclareForAlert, EscalateAlert, GiveBackAlerts, TakeAlerts
from handlers.words.alert_numbers import MOST_AT_ONCE, alert_numbers
from handlers.words.alert_silences import SilenceAlerts, UnsilenceAlerts
from handlers.words.alerts import AlertHelp, ListAlerts, ListSilences, ShowAlert, ShowStorm
from handlers.words.noise import CountNoise
from handlers.words.said import HIGHEST_NUMBER

SERVICES = {
    "api-gateway": "API Gateway",
    "payment": "Payment Service",
    "payout": "Payouts",
    "storm": "Storm Service",
}
P1 = Severity.P1
HOUR = timedelta(hours=1)


def read(text: str) -> Command:
    return parse_alerts(text, SERVICES)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ListAlerts()),
        ("   ", ListAlerts()),
        ("list", ListAlerts()),
        ("p1", ListAlerts(severity=P1)),
        ("P1", ListAlerts(severity=P1)),
        ("api-gateway", ListAlerts(service="api-gateway")),
        ("API-Gateway", ListAlerts(service="api-gateway")),
        ("api gateway", ListAlerts(service="api-gateway")),
        ("api", ListAlerts(service="api-gateway")),
        ("Payment Service", ListAlerts(service="payment")),
        ("paym p1", ListAlerts(service="payment", severity=P1)),
        ("p1 payment serv", ListAlerts(service="payment", severity=P1)),
        ("list payment", ListAlerts(service="payment")),
        ("list service:storm p1", ListAlerts(service="storm", severity=P1)),
        ("service:storm", ListAlerts(service="storm")),
        ("show", ShowAlert()),
        ("show A12", ShowAlert(number=12)),
        ("SHOW a12:", ShowAlert(number=12)),
        ("show 12", ShowAlert(number=12)),
        ("A12", ShowAlert(number=12)),
        ("12", ShowAlert(number=12)),
        ("storm", ShowStorm()),
        ("storm a12", ShowStorm(number=12)),
        ("silences", ListSilences()),
        ("noisy", CountNoise()),
        ("noisy 24h", CountNoise(length=timedelta(days=1))),
        ("noisy 2weeks payment", CountNoise(length=timedelta(days=14), service="payment")),
        ("ack", TakeAlerts()),
        ("ack A12", TakeAlerts(numbers=(12,))),
        ("Acknowledge a12, 13 and A14 A12", TakeAlerts(numbers=(12, 13, 14))),
        ("silence", SilenceAlerts()),
        ("silence A12", SilenceAlerts(numbers=(12,))),
        ("silence A12 4h", SilenceAlerts(numbers=(12,), length=4 * HOUR)),
        ("silence 4 hours", SilenceAlerts(length=4 * HOUR)),
        ("silence A12 1h30m", SilenceAlerts(numbers=(12,), length=1.5 * HOUR)),
        ("silence 1h 30 min: a deploy", SilenceAlerts(length=1.5 * HOUR, reason="a deploy")),
        ("silence A12 2 days 12h deploy", SilenceAlerts(numbers=(12,), length=60 * HOUR, reason="deploy")),
        ("silence A12 1h 3 deploys", SilenceAlerts(numbers=(12,), length=HOUR, reason="3 deploys")),
        ("silence 12 4h", SilenceAlerts(numbers=(12,), length=4 * HOUR)),
        (
            "silence 12, 13 30 min: a deploy",
            SilenceAlerts(numbers=(12, 13), length=HOUR / 2, reason="a deploy"),
        ),
        (
            "silence A12 2d disk is on order",
            SilenceAlerts(numbers=(12,), length=48 * HOUR, reason="disk is on order"),
        ),
        ("silence A12 until the next business day", SilenceAlerts(numbers=(12,), length=None)),
        ("silence workday we know", SilenceAlerts(length=None, reason="we know")),
        ("silence A12 deploy &lt;goes&gt; on", SilenceAlerts(numbers=(12,), reason="deploy <goes> on")),
        ("unsilence A12 A13", UnsilenceAlerts(numbers=(12, 13))),
        ("unack A12", GiveBackAlerts(numbers=(12,))),
        ("escalate", EscalateAlert()),
        ("declare A12", DeclareForAlert(number=12)),
        ("escalate A12", EscalateAlert(number=12)),
        ("help", AlertHelp()),
        ("help me", AlertHelp()),
    ],
)
def test_a_line_is_read_as_its_command_and_its_own_line_says_the_same(text: str, command: Command) -> None:
    assert read(text) == command
    assert read(command.line) == command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pay", "begins several services; which one"),
        ("p1 p2", "One severity at a time"),
        ("p7", "there is no P7"),
        ("show A12 A13", "`show A12`"),
        ("show payment", "`show A12`"),
        ("show #12", "`#12` is an incident. An alert is `A12`"),
        ("#A12", "An alert is `A12`"),
        ("A12 A13", "What is to be done with them"),
        ("silences all", "stands alone"),
        ("ack payment", "`ack A12`, `ack A12 A13`"),
        ("silence A12 4hrz deploy", "“4hrz” is no length of time. For how long"),
        ("silence A12 503s from the gateway", "“503s” is no length"),
        ("silence A12 1h30x deploy", "“1h30x” is no length"),
        ("unsilence all", "`unsilence A12`"),
        ("ack #12", "`#12` is an incident"),
        ("escalate A12 A13", "`escalate A12`"),
        ("resolve A12", "nobody resolves it by hand"),
        ("noisy pay", "which one.*`noisy 24h`"),
        ("noisy 5y", "“5y” is no length of time.*`noisy 24h`"),
        ("noisy 5y payment", "“5y” is no length of time"),
    ],
)
def test_a_line_that_means_nothing_is_refused_with_what_is_right(text: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        read(text)


def test_an_unknown_service_is_refused_with_the_nearest_one_or_all() -> None:
    with pytest.raises(NotFoundError, match=r"“gatewayy”, and no such command\. Did you mean `api-gateway`"):
        read("gatewayy")
    with pytest.raises(NotFoundError, match="The guide has: `api-gateway`, `payment`, `payout`, `storm`"):
        read("list xyzzy")
    with pytest.raises(NotFoundError, match="`noisy 24h`"):
        read("noisy lately")


def test_a_word_that_is_nearly_one_comes_with_it() -> None:
    assert read("silencess") == Unknown(word="silencess", nearest="silences", typed="silencess")


@pytest.mark.parametrize("number", [str(HIGHEST_NUMBER + 1), "9" * 5000])
def test_a_number_too_big_for_any_alert_is_refused(number: str) -> None:
    with pytest.raises(NotFoundError, match="too big"):
        read(f"show A{number}")


@pytest.mark.parametrize(
    ("rest", "numbers", "text"),
    [
        ("A12 a13 14", (12, 13, 14), ""),
        ("A12, A13,A14 and 12", (12, 13, 14), ""),
        ("A12: 4h deploy", (12,), "4h deploy"),
        ("deploy", (), "deploy"),
        ("", (), ""),
    ],
)
def test_alerts_are_named_one_after_the_other(rest: str, numbers: tuple[int, ...], text: str) -> None:
    assert alert_numbers(rest) == (numbers, text)


def test_a_line_takes_only_so_many_alerts() -> None:
    many = " ".join(f"A{number}" for number in range(MOST_AT_ONCE + 1))
    with pytest.raises(InvalidError, match="up to 10"):
        alert_numbers(many)


def test_every_example_of_the_help_is_a_command() -> None:
    for example, _ in ALERT_HELP_EXAMPLES:
        assert not isinstance(read(example), Unknown)


numbers = st.none() | st.integers(0, HIGHEST_NUMBER)
many = st.lists(st.integers(0, HIGHEST_NUMBER), max_size=MOST_AT_ONCE, unique=True).map(tuple)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        ListAlerts,
        service=st.none() | st.sampled_from(list(SERVICES)),
        severity=st.none() | st.sampled_from(Severity),
    ),
    st.builds(ShowAlert, number=numbers),
    st.builds(ShowStorm, number=numbers),
    st.just(ListSilences()),
    st.builds(TakeAlerts, numbers=many),
    st.builds(
        SilenceAlerts,
        numbers=many,
        length=st.none() | st.integers(1, 99999).map(lambda minutes: timedelta(minutes=minutes)),
        reason=st.just("") | st.text("abc <&>`x", min_size=1).map(lambda text: " ".join(text.split())),
    ),
    st.builds(UnsilenceAlerts, numbers=many),
    st.builds(GiveBackAlerts, numbers=many),
    st.builds(EscalateAlert, number=numbers),
    st.builds(DeclareForAlert, number=numbers),
    st.builds(
        CountNoise,
        length=st.integers(1, 9000).map(lambda hours: timedelta(hours=hours)),
        service=st.none() | st.sampled_from(list(SERVICES)),
    ),
    st.just(AlertHelp()),
)


@given(commands)
def test_every_command_is_read_from_its_own_line(command: Command) -> None:
    assert read(command.line) == command


lines = st.text() | st.lists(
    st.sampled_from(
        [*WORDS, *SERVICES, "A12", "a7,", "12", "#12", "p1", "p9", "4h", "7d", "and", "&", ",", "<@U1|ana>"]
    )
    | st.text(max_size=5),
    max_size=8,
).map(" ".join)


@given(lines)
def test_any_text_is_a_command_or_refused_and_reads_the_same_again(text: str) -> None:
    try:
        command = read(text)
    except DomainError:
        return
    assert read(command.line) == command
