from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.evidence import EvidenceSpec, Found, Judgement, Source
from bot.views.checklists.evidence import counted, evidence_line, evidence_lines, not_fine
from tests.support.run_cards import ANSWERS, DOWN, FAILED, RATE, a_value, found, later


def test_a_number_stands_beside_the_one_of_a_week_ago_and_whether_it_is_fine() -> None:
    line = evidence_line(found(DOWN, Judgement.FINE, a_value(0, 2)), DOWN)

    assert line == "🟢 Targets that are down: *0* (a week ago 2) · fine"


def test_what_is_not_fine_leads_and_says_what_would_be() -> None:
    line = evidence_line(found(DOWN, Judgement.NOT_FINE, a_value(3, 0, fine=False)), DOWN)

    assert line == "🟠 *Not fine* · Targets that are down: *3* (a week ago 0) · should be = 0"


def test_a_value_on_the_wrong_side_of_a_bound_does_not_read_like_the_bound() -> None:
    line = evidence_line(found(FAILED, Judgement.NOT_FINE, a_value(0.0010004, fine=False)), FAILED)

    assert "*0.10004 %*" in line
    assert line.endswith("should be &lt; 0.1 %")


def test_among_several_what_is_not_fine_stands_out() -> None:
    line = evidence_line(ANSWERS.found[2], FAILED)

    assert "*payment 0.31 %* (a week ago 0.02 %) · api-gateway 0.01 % (0.01 %)" in line


def test_a_comparison_with_another_time_says_which() -> None:
    spec = replace(DOWN, compare=timedelta(days=1))

    assert "(a day ago 2)" in evidence_line(found(DOWN, Judgement.FINE, a_value(0, 2)), spec)
    assert "(3 d ago 2)" in evidence_line(
        found(DOWN, Judgement.FINE, a_value(0, 2)), replace(DOWN, compare=timedelta(days=3))
    )
    assert "(before 2)" in evidence_line(found(DOWN, Judgement.FINE, a_value(0, 2)))


def test_what_was_not_found_says_why() -> None:
    line = evidence_line(found(DOWN, Judgement.UNKNOWN, failed="Prometheus is *away* <!here>."), DOWN)

    assert line.startswith("⚪ *Not known* · Targets that are down: Prometheus is ")
    assert "<!here>" not in line
    assert "should be" not in line


def test_no_value_is_said_to_be_none() -> None:
    assert evidence_line(found(RATE, Judgement.UNKNOWN, a_value(None))).endswith(": *no number*")
    assert evidence_line(found(RATE, Judgement.UNKNOWN, a_value(float("nan")))).endswith(": *no number*")


def test_other_sources_say_it_in_words() -> None:
    spec = EvidenceSpec(title="Open incidents", source=Source.INCIDENTS, of="open")
    line = evidence_line(
        found(spec, Judgement.NOT_FINE, lines=("P1 #42 checkout is down", "P3 #40 slow"), more=3), spec
    )

    head, *below = line.split("\n      – ")  # noqa: RUF001 - a dash
    assert head == "🟠 *Not fine* · Open incidents:"
    assert below == ["P1 #42 checkout is down", "P3 #40 slow", "+3 more"]
    nothing = evidence_line(found(spec, Judgement.FINE), spec)
    assert nothing == "🟢 Open incidents: nothing found · fine"


def test_a_link_is_one() -> None:
    spec = EvidenceSpec(title="Platform Overview", source=Source.LINK, of="https://grafana.example.com/d/1")
    shown = Found(
        title=spec.title,
        source=spec.source,
        judgement=Judgement.NONE,
        at=later(0),
        url="https://grafana.example.com/d/1",
    )

    assert evidence_line(shown, spec) == "🔗 <https://grafana.example.com/d/1|Platform Overview>"


def test_of_too_many_the_worst_are_shown_in_the_guides_order() -> None:
    lines = evidence_lines(ANSWERS, most=2)

    assert [line.split()[0] for line in lines] == ["•", "🟠", "+1"]
    assert lines[-1] == "+1 more: 1 fine"
    assert evidence_lines(ANSWERS, most=0) == ["+3 more: 1 not fine, 1 not judged, 1 fine"]


def test_how_many_are_how_is_said_the_worst_first() -> None:
    assert counted(ANSWERS.found) == "1 not fine, 1 not judged, 1 fine"
    assert counted(()) == ""


def test_what_is_not_fine_is_named_in_plain_words() -> None:
    lines = found(DOWN, Judgement.NOT_FINE, lines=("two are down",))

    assert not_fine([ANSWERS]) == ["Failed requests by service of payment 0.31 %"]
    assert not_fine([replace(ANSWERS, found=(lines,))]) == ["Targets that are down: two are down"]
    bare = found(DOWN, Judgement.NOT_FINE)
    assert not_fine([replace(ANSWERS, found=(bare,))]) == ["Targets that are down"]


def test_of_many_numbers_that_are_fine_the_nearest_to_the_bound_is_enough() -> None:
    values = (a_value(0.0009, 0.0008, "payment", fine=True), a_value(0.0001, 0.0001, "orders", fine=True))

    line = evidence_line(found(FAILED, Judgement.FINE, *values, more=2), FAILED, series=3)

    assert line == "🟢 Failed requests by service: payment 0.09 % (a week ago 0.08 %) · +3 more · fine"


def test_of_many_numbers_only_those_that_are_not_fine_are_told() -> None:
    line = evidence_line(ANSWERS.found[2], FAILED, series=3)

    assert "*payment 0.31 %* (a week ago 0.02 %) · +1 more · should be &lt; 0.1 %" in line


def test_pages_to_open_stand_on_one_line() -> None:
    specs = [EvidenceSpec(title=name, source=Source.LINK, of=f"https://g.example/{name}") for name in "abc"]
    pages = [replace(found(spec), url=spec.of) for spec in specs]
    item = replace(ANSWERS, found=(*pages[:2], ANSWERS.found[0], pages[2]))

    lines = evidence_lines(item, most=10)

    assert lines[0] == "🔗 <https://g.example/a|a> · <https://g.example/b|b>"
    assert lines[2] == "🔗 <https://g.example/c|c>"
