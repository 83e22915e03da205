"""What a guide says about routine reviews, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from textwrap import indent

import pytest

from bot.domain.checklist import (
    AfterOutage,
    Cadence,
    Checklist,
    Owner,
    ReviewPolicy,
    Unfinished,
    Whose,
)
from bot.domain.evidence import EvidenceSpec, Sign, Source, Threshold, Unit
from bot.guide.finding import Level
from bot.guide.load import check_guide, load_guide
from bot.guide.shipped import shipped
from bot.guide.show import tables

Write = Callable[..., Path]

SHIPPED = shipped().decode()
CHECKLISTS = SHIPPED[SHIPPED.index("\nchecklists:\n") : SHIPPED.index("# How changes reach production")]
REVIEWS = CHECKLISTS[CHECKLISTS.index("\nreviews:\n") :] if "\nreviews:\n" in CHECKLISTS else ""

HEAD = """\
title: Look
purpose: To see
at: "09:15"
channel: platform-alerts
team: platform-team
"""
DAILY, WEEKLY, MONTHLY = (
    "cadence: daily\n",
    "cadence: weekly\nweekday: Monday\n",
    "cadence: monthly\nbusiness_day: 2\n",
)
ITEMS = "items: [Look at it]\n"


@pytest.fixture
def guide(tmp_path: Path) -> Write:
    """Writes the shipped guide with one checklist, `look`, and nothing of the others."""

    def write(
        said: str = DAILY + ITEMS, *, key: str = "look", others: tuple[tuple[str, str], ...] = ()
    ) -> Path:
        text = SHIPPED.replace(CHECKLISTS, f"\nchecklists:\n  {key}:\n{indent(HEAD + said, '    ')}\n")
        for old, new in others:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "guide.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def evidence(*lines: str) -> str:
    """A daily checklist whose one item has evidence."""
    said = indent("\n".join(lines), " " * 6)
    return f"{DAILY}items:\n  - title: Look at it\n    evidence:\n{said}\n"


def look(path: Path) -> Checklist:
    return load_guide(path).checklists["look"]


def spec(path: Path) -> EvidenceSpec:
    [item] = look(path).items
    [found] = item.evidence
    return found


def errors(path: Path) -> list[str]:
    """Each error with the text at its place, up to the end of its line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        f"{lines[one.line - 1][one.column - 1 :]} | {str(one).split(': error: ')[1]}"
        for one in check_guide(path)
        if one.level is Level.ERROR
    ]


def warnings(path: Path) -> list[str]:
    return [one.text for one in check_guide(path) if one.level is Level.WARNING and "fill" not in one.text]


@pytest.mark.parametrize(("cadence", "days"), [(DAILY, 1), (WEEKLY, 3), (MONTHLY, 5)])
def test_a_checklist_that_says_little_is_anybodys_and_has_its_cadences_days(
    guide: Write, cadence: str, days: int
) -> None:
    found = look(guide(cadence + ITEMS))
    assert (found.days, found.owner) == (days, Owner(whose=Whose.ANYBODY))
    assert (found.unfinished, found.after_outage) == (Unfinished.CARRY, AfterOutage.POST)


def test_everything_about_a_run_can_be_said(guide: Write) -> None:
    said = "days: 2\nowner: [U0123456789, W9876543210]\nunfinished: close\nafter_outage: skip\n"
    found = look(guide(WEEKLY + said + ITEMS))
    assert (found.cadence, found.days, found.unfinished, found.after_outage) == (
        Cadence.WEEKLY,
        2,
        Unfinished.CLOSE,
        AfterOutage.SKIP,
    )
    assert found.owner == Owner(whose=Whose.ROTATION, people=("U0123456789", "W9876543210"))


@pytest.mark.parametrize(("word", "whose"), [("anybody", Whose.ANYBODY), ("on-call", Whose.ON_CALL)])
def test_an_owner_may_be_a_word(guide: Write, word: str, whose: Whose) -> None:
    assert look(guide(f"{DAILY}owner: {word}\n{ITEMS}")).owner == Owner(whose=whose)


def test_evidence_as_text_is_a_query_compared_with_a_week_ago(guide: Write) -> None:
    assert spec(guide(evidence("Targets down: count(up == 0) or vector(0)"))) == EvidenceSpec(
        title="Targets down", source=Source.QUERY, of="count(up == 0) or vector(0)", compare=timedelta(days=7)
    )


def test_a_query_says_its_unit_what_is_fine_what_it_is_compared_with_and_whether_a_chart_is_drawn(
    guide: Write,
) -> None:
    path = guide(
        evidence(
            "Failed requests:",
            "  query: >-",
            "    sum(rate(errors[5m]))",
            "    / sum(rate(requests[5m]))",
            "  unit: ratio",
            '  fine: "< 0.1 %"',
            "  compare: none",
            "  chart: 7d",
        )
    )
    assert spec(path) == EvidenceSpec(
        title="Failed requests",
        source=Source.QUERY,
        of="sum(rate(errors[5m])) / sum(rate(requests[5m]))",
        unit=Unit.RATIO,
        fine=Threshold(sign=Sign.BELOW, bound=0.001),
        compare=None,
        chart=timedelta(days=7),
    )


@pytest.mark.parametrize(
    ("said", "source", "of"),
    [
        ("slo: all", Source.SLO, "all"),
        ("slo: platform", Source.SLO, "platform"),
        ("slo: payment", Source.SLO, "payment"),
        ("alerts: unacknowledged", Source.ALERTS, "unacknowledged"),
        ("alerts: noisiest", Source.ALERTS, "noisiest"),
        ("incidents: open", Source.INCIDENTS, "open"),
        ("changes: ahead", Source.CHANGES, "ahead"),
        ("link: https://cost.example.com/explorer?a=b", Source.LINK, "https://cost.example.com/explorer?a=b"),
        ("dashboard: service-health", Source.LINK, "http://grafana.suuupra.com/d/service-health"),
    ],
)
def test_evidence_may_come_from_elsewhere(guide: Write, said: str, source: Source, of: str) -> None:
    found = spec(guide(evidence(f"Something: {{{said}}}")))
    assert (found.source, found.of) == (source, of)
    assert (found.compare, found.chart, found.fine) == (None, None, None)


@pytest.mark.parametrize(
    ("said", "at", "text"),
    [
        ("owner: on-cal", "on-cal", '"on-cal" is no owner: write anybody, on-call or a list of Slack member'),
        ("owner: on-cal", "on-cal", 'nearest: "on-call"'),
        ("owner: rotation", "rotation", "a rotation needs people: write their member ids in order"),
        ("owner: []", "owner: []", "a rotation needs people"),
        ("owner: [U0123456789, ben]", "ben]", '"ben" is no owner'),
        ("owner: [U0123456789, on-call]", "on-call]", '"on-call" stands alone'),
        ("owner: {people: [U0123456789]}", "owner: {", "this must be a list"),
        ("days: 0", "0", '"0" is too small for "days": at least 1'),
        ("days: 21", "21", '"21" is too large for "days": at most 20'),
        ("days: two", "two", "whole number"),
        ("unfinished: cary", "cary", '"cary" must be one of carry, close; nearest: "carry"'),
        ("after_outage: skp", "skp", '"skp" must be one of post, skip; nearest: "skip"'),
        ("ownr: anybody", "ownr: anybody", '"ownr" is no key in "look"; nearest: "owner"'),
    ],
)
def test_a_run_that_cannot_be_is_an_error_at_its_place(guide: Write, said: str, at: str, text: str) -> None:
    found = errors(guide(f"{DAILY}{said}\n{ITEMS}"))
    assert any(one.startswith(f"{at}") and text in one for one in found), found


@pytest.mark.parametrize(
    ("said", "at", "text"),
    [
        (DAILY + "items: []\n", "", '"items" is empty: at least one is needed'),
        (DAILY + f"items: {['x'] * 41}\n", "", 'there are too many in "items": at most 40'),
        (DAILY + f"items: [{'x' * 501}]\n", "xxx", "this text is too long: at most 500 characters"),
        (
            "cadence: monthly\nbusiness_day: 16\n" + ITEMS,
            "16",
            '"16" is too large for "business_day": at most 15',
        ),
        (
            DAILY + "items: ['One!', Two, One]\n",
            "One]",
            '"One!" and "One" of "look" both have the key "one", by which an item is known: tell them',
        ),
    ],
)
def test_what_is_too_much_or_too_little_is_said_in_plain_words(
    guide: Write, said: str, at: str, text: str
) -> None:
    found = errors(guide(said))
    assert any(one.startswith(at) and text in one for one in found), found
    assert not any("Input" in one or "validation" in one for one in found)


@pytest.mark.parametrize(
    ("lines", "at", "text"),
    [
        (
            ["A: {slo: paymnt}"],
            "paymnt",
            '"paymnt" is no service, nor "platform" or "all"; nearest: "payment"',
        ),
        (["A: {slo: everything}"], "everything", '"everything" is no service, nor "platform" or "all"'),
        (["A: {dashboard: servce-health}"], "servce", 'is no dashboard; nearest: "service-health"'),
        (["A: {alerts: unacknowleged}"], "unack", 'must be one of unacknowledged, noisiest; nearest: "unack'),
        (["A: {incidents: closed}"], "closed", '"closed" must be "open"'),
        (["A: {changes: behind}"], "behind", '"behind" must be "ahead"'),
        (["A: {link: ftp://x}"], "ftp", '"ftp://x" is no http or https address'),
        (["A: {quer: up}"], "quer", '"quer" is no key in "A"; nearest: "query"'),
        (["A: {query: up, unit: percent}"], "percent", "must be one of number, ratio, seconds, bytes, per_s"),
        (
            ["A: {promql: up}"],
            "promql",
            '"promql" is no key in "A"; there are query, slo, alerts, incidents, ch',
        ),
        (["A: {unit: ratio}"], "A:", "it says nowhere what to look at: name one of query, slo, alerts"),
        (["A: {}"], "A:", "it says nowhere what to look at"),
        (["A: {query: up, slo: all}"], "slo", '"query" and "slo" are two things to look at'),
        (["A: {link: 'https://x.y', dashboard: service-health}"], "dashboard", "are two things to look at"),
        (["A: ''"], "''", "must not be empty"),
        (["A: 7"], "7", "this must be a mapping"),
        (["A: {query: up, fine: 0}"], "0", "this must be text: write it in quotes"),
        (["A: {query: up, fine: '0'}"], "'0'", '"0" does not say which side is fine'),
        (["A: {query: up, fine: '< 5 %'}"], "'< 5 %'", "set unit: ratio"),
        (["A: {query: up, fine: '< few'}"], "'< few'", 'has no number after "<"'),
        (
            ["A: {slo: all, fine: '= 0'}"],
            "fine",
            '"fine" is for queries, not for "slo": it has its own judgement',
        ),
        (["A: {alerts: noisiest, chart: 7d}"], "chart", '"chart" is for queries, not for "alerts"'),
        (["A: {changes: ahead, compare: 7d}"], "compare", '"compare" is for queries, not for "changes"'),
        (["A: {link: 'https://x.y', unit: ratio}"], "unit", "a page to open has no number"),
        (
            ["A: {query: up, chart: 32d}"],
            "32d",
            '"32d" is no sensible span to look back: between 5 minutes and 31',
        ),
        (["A: {query: up, compare: 1m}"], "1m", "is no sensible span to look back"),
        (["A: {query: up, compare: never}"], "never", '"never" is no duration: write a duration such as'),
        (["A: {query: up, compare: never}"], "never", 'or "none"'),
        (["A: up", "A: down"], "A: down", '"A" is already set on line'),
    ],
)
def test_evidence_that_cannot_be_is_an_error_at_its_place(
    guide: Write, lines: list[str], at: str, text: str
) -> None:
    found = errors(guide(evidence(*lines)))
    assert any(one.startswith(at) and text in one for one in found), found


def test_what_a_service_never_promised_cannot_be_looked_at(guide: Write) -> None:
    slo = "    slo:\n      availability: 99.5%\n      latency_p95: 300ms\n"
    [found] = errors(guide(evidence("A: {slo: content}"), others=((slo, ""),)))
    assert found.startswith("content}")
    assert 'the service "content" has no objectives' in found


def test_too_much_evidence_for_one_item_is_an_error(guide: Write) -> None:
    found = errors(guide(evidence(*(f"Number {number}: up" for number in range(13)))))
    assert any('too many in "evidence": at most 12' in one for one in found), found


def test_a_weekday_on_which_nobody_works_never_comes(guide: Write) -> None:
    [found] = errors(guide(f"cadence: weekly\nweekday: Saturday\n{ITEMS}"))
    assert found.startswith(
        "Saturday | nobody works on a Saturday, so its day never comes: choose one of Mon"
    )


def test_a_business_day_that_no_month_has_never_comes(guide: Write) -> None:
    few = ("    days: Mon-Fri\n", "    days: Mon\n")
    [found] = errors(guide(f"cadence: monthly\nbusiness_day: 6\n{ITEMS}", others=(few,)))
    assert found.startswith("6 | a month has 5 business days at most")


@pytest.mark.parametrize("word", ["weekly", "run", "problems", "history"])
def test_a_checklist_called_as_a_word_of_the_command_is_an_error(guide: Write, word: str) -> None:
    assert errors(guide(key=word)) == [
        f'{word}: | "{word}" is a word of /checklist: a checklist needs another key'
    ]


def test_a_run_that_is_due_after_the_next_one_begins_is_a_warning(guide: Write) -> None:
    assert warnings(guide(f"{DAILY}days: 2\n{ITEMS}")) == [
        "the next daily run begins before this one is due: at most 1"
    ]
    assert warnings(guide(f"{WEEKLY}days: 5\n{ITEMS}")) == []


def test_a_review_of_the_security_team_that_others_read_is_a_warning(guide: Write) -> None:
    others = (("    team: platform-team\n    cadence", "    team: security-team\n    cadence"),)
    [warning] = warnings(guide(others=others))
    assert 'what the security team finds is shown in "platform-alerts"' in warning
    channel = (
        "    channel: platform-alerts\n    team: security",
        "    channel: security-incidents\n    team: security",
    )
    assert warnings(guide(others=(*others, channel))) == []


def test_that_nobody_can_say_who_is_on_call_is_a_hint(guide: Write) -> None:
    by_pagerduty = (
        "    title: On-call Engineer\n    reach:\n      pagerduty: service\n"
        "    mention:      # fill in, such as groups: [S0123456789]\n      groups: []\n      people: []\n"
    )
    group = "    title: On-call Engineer\n    reach: slack\n    mention: {groups: [S0123456789]}\n"
    person = "    title: On-call Engineer\n    reach: slack\n    mention: {people: [U0123456789]}\n"
    said = f"{DAILY}owner: on-call\n{ITEMS}"
    assert warnings(guide(said)) == []
    [hint] = warnings(guide(said, others=((by_pagerduty, group),)))
    assert 'else the card says "whoever is on call"' in hint
    assert warnings(guide(said, others=((by_pagerduty, person),))) == []
    assert warnings(guide(DAILY + ITEMS, others=((by_pagerduty, group),))) == []


@pytest.mark.parametrize(
    ("said", "at"),
    [(None, time(9, 30)), ("report_at: '08:00'", time(8)), ("report_at: none", None)],
)
def test_when_the_month_is_reported(guide: Write, said: str | None, at: time | None) -> None:
    others = (("\nrunbooks:\n", f"\nreviews: {{{said}}}\nrunbooks:\n"),) if said else ()
    assert load_guide(guide(others=others)).reviews == ReviewPolicy(report_at=at)


def test_a_report_at_no_time_is_an_error(guide: Write) -> None:
    [found] = errors(guide(others=(("\nrunbooks:\n", "\nreviews: {report_at: noon}\nrunbooks:\n"),)))
    assert found.startswith('noon} | "noon" is no time of day')
    assert found.endswith('or "none"')


def test_owner_due_and_evidence_are_shown(guide: Write) -> None:
    said = "days: 2\nowner: [U0123456789, U9876543210]\nunfinished: close\nafter_outage: skip\n"
    item = (
        "items:\n  - Look\n  - title: Look closely\n    evidence:\n"
        "      Failed requests: {query: sum(errors), unit: ratio, fine: '< 0.1 %', chart: 7d}\n"
        "      Objectives: {slo: all}\n"
    )
    shown = tables(load_guide(guide(WEEKLY + said + item))).splitlines()
    for line in (
        "look       in turn: U0123456789, U9876543210  business day 2       missed     skipped",
        "look 2  Failed requests  < 0.1 %  query     7 d ago        7 d",
        "look 2  Objectives       -        slo: all  -              -",
        "posted  first business day of a month, 09:30",
    ):
        assert line in shown, "\n".join(shown)


def test_two_items_with_one_key_are_told_apart_as_the_complaint_says(guide: Write) -> None:
    [found] = errors(guide(DAILY + "items: ['One!', One]\n"))
    said = found.split("by a key: ")[1]
    assert said == '{key: one-2, title: "One"}'
    assert not errors(guide(DAILY + f"items: ['One!', {said}]\n"))
