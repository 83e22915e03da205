"""The generated rules, as Prometheus' own tool checks them and tries them out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.guide.load import load_guide
from bot.guide.rules import rules_text
from bot.guide.shipped import shipped
from tests.support.nursery import CHECKOUT
from tests.support.programs import real_program
from tests.support.prometheus import PACKAGE

FOLDER = CHECKOUT / "manifests" / "prometheus"


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = real_program("promtool", package=PACKAGE)
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_prometheus_accepts_the_rules() -> None:
    ran = promtool("check", "rules", FOLDER / "opsbot-rules.yaml")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_rules_do_what_their_own_tests_say() -> None:
    ran = promtool("test", "rules", FOLDER / "opsbot-rules.test.yaml")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("shipped_words", "words"),
    [
        ("latency_p95: 500ms", "latency_p95: 1s"),
        ("latency_p95: 500ms", "window: 7d\n      latency_p95: 500ms"),
        ("latency_p95: 500ms", "window: 1d\n      latency_p95: 500ms"),
        ("title: Payment Service", 'title: "Pay: it\'s {{ \\"50 %\\" }} {{"'),
        ("selector: {service: payment}", 'selector: {service: "pay\\"\\\\\\nment"}'),
        ("selector: {service: payment}", "selector: {service: payment}\n      native_histogram: true"),
    ],
)
def test_prometheus_accepts_the_rules_of_other_guides(shipped_words: str, words: str, tmp_path: Path) -> None:
    guide, rules = tmp_path / "guide.yaml", tmp_path / "rules.yaml"
    text = shipped().decode()
    assert shipped_words in text
    guide.write_text(text.replace(shipped_words, words, 1))
    rules.write_text(rules_text(load_guide(guide), guide.name))
    ran = promtool("check", "rules", rules)
    assert ran.returncode == 0, ran.stdout + ran.stderr
