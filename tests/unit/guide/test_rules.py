"""`opsbot guide rules`."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from ruamel.yaml import YAML

from bot.domain.slo.recording import Recording
from bot.domain.slo.rules import BurnAlert, rule_groups
from bot.guide.commands import rules_command
from bot.guide.load import load_guide
from bot.guide.rules import rules_text
from bot.guide.shipped import SHIPPED

SHIPPED_RULES = files("manifests").joinpath("prometheus/opsbot-rules.yaml")
SHIPPED_GUIDE = files("manifests").joinpath(SHIPPED)


def rules(path: Path | None) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return rules_command(path, out, err), out.getvalue(), err.getvalue()


def test_the_shipped_rules_are_those_of_the_shipped_guide() -> None:
    code, printed, _ = rules(None)
    assert code == 0
    assert printed == SHIPPED_RULES.read_text(), "the guide has changed: make rules"


def test_the_file_says_what_the_rules_are() -> None:
    loaded = YAML(typ="safe", pure=True).load(rules(None)[1])["groups"]
    groups = rule_groups(load_guide(None))
    assert [group["name"] for group in loaded] == [group.name for group in groups]
    for written, group in zip(loaded, groups, strict=True):
        for shown, rule in zip(written["rules"], group.rules, strict=True):
            name = rule.record if isinstance(rule, Recording) else rule.alert
            assert shown.get("record", shown.get("alert")) == name
            assert shown["expr"] == rule.expression
            assert shown["labels"] == dict(rule.labels)
            assert shown.get("annotations") == (
                None if isinstance(rule, Recording) else dict(rule.annotations)
            )


def test_a_broken_guide_gives_no_rules_but_its_findings(tmp_path: Path) -> None:
    guide = tmp_path / "guide.yaml"
    guide.write_text(SHIPPED_GUIDE.read_text().replace("availability: 99.99%", "availability: plenty"))
    code, printed, told = rules(guide)
    assert (code, printed) == (1, "")
    assert f"{guide}:" in told
    assert "plenty" in told


def test_the_file_names_the_guide_that_it_is_made_from_wherever_that_lies(tmp_path: Path) -> None:
    guide = tmp_path / "ours.yaml"
    guide.write_text(SHIPPED_GUIDE.read_text())
    first, second, *_ = rules(guide)[1].splitlines()
    assert "from ours.yaml. Do not edit" in first + second


def test_titles_of_any_kind_give_a_file_that_can_be_read(tmp_path: Path) -> None:
    guide, title = tmp_path / "ours.yaml", 'Pay: it\'s # \\"50 %\\" & {{ x }}'
    guide.write_text(SHIPPED_GUIDE.read_text().replace("title: Payment Service", f'title: "{title}"', 1))
    loaded = YAML(typ="safe", pure=True).load(rules(guide)[1])["groups"]
    summaries = [
        rule["annotations"]["summary"] for group in loaded for rule in group["rules"] if "alert" in rule
    ]
    assert any(one.startswith('Pay: it\'s # "50 %" & {{ "{{" }} x }}: ') for one in summaries)


def test_nothing_promised_is_no_rules() -> None:
    guide = load_guide(None)
    bare = replace(guide, services={}, platform=replace(guide.platform, metrics=None))
    assert YAML(typ="safe", pure=True).load(rules_text(bare, "x")) == {"groups": []}


def test_the_route_that_the_guide_shows_takes_what_is_critical_and_no_tickets(tmp_path: Path) -> None:
    lines = SHIPPED_GUIDE.read_text().splitlines()
    begin = next(n for n, line in enumerate(lines) if "alertname: ErrorBudgetBurn" in line)
    shown = [line.removeprefix("#").removeprefix(" ") for line in lines[begin : begin + 5]]
    own = lines.index("alerts:") + 1
    guide = tmp_path / "guide.yaml"
    guide.write_text("\n".join([*lines[:own], *shown, *lines[own:]]) + "\n")

    route = load_guide(guide).alerts[0]

    assert route.page
    alerts = [rule for group in rule_groups(load_guide(None)) for rule in group.rules]
    told = [{"alertname": rule.alert, **rule.labels} for rule in alerts if isinstance(rule, BurnAlert)]
    assert {labels["window"] for labels in told if route.takes(labels)} == {"1h", "6h"}
