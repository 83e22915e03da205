from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from bot.guide.finding import Level
from bot.guide.lint_changes import CHANGE_WORDS
from bot.guide.lint_people import PAGE_WORDS
from bot.guide.load import check_guide
from handlers.change_grammar import WORDS
from handlers.words import page

SHIPPED = files("manifests").joinpath("operations-guide.yaml").read_text()
STANDARD = "    standard:\n"
TITLE = "title: Standard Change\n"
ONCE = 'closes: "16:00"\n      approvals: 1'
NOBODY = "approvers: {groups: [], people: []}"
HOOK = "changes:\n  webhooks:\n    deployer: {{url: '{url}'}}\n"
ROLLBACK = ("  payment:\n", "  payment:\n    rollback: deployer\n")
AGAIN = 'closes: "16:00"\n        - {{days: [{days}], opens: "{opens}", closes: "{closes}"}}\n'
WHO_MAY = (
    "everybody who is no guest approves changes, overrides the gate and freezes: "
    "fill in roles.approvers and roles.leads"
)

Found = Callable[..., list[tuple[Level, str]]]


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """What the lint says of the shipped guide with some of its text replaced, not of itself."""
    as_it_is = {finding.text for finding in check_guide(None)}

    def look(*changes: tuple[str, str]) -> list[tuple[Level, str]]:
        text = SHIPPED
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "guide.yaml"
        path.write_text(text)
        return [(one.level, one.text) for one in check_guide(path) if one.text not in as_it_is]

    return look


def people(count: int) -> tuple[str, str]:
    names = ", ".join(f"U000000{number}" for number in range(count))
    return (NOBODY, f"approvers: {{groups: [], people: [{names}]}}")


def hook(url: str) -> tuple[str, str]:
    return ("\nchanges:\n", "\n" + HOOK.format(url=url))


def window(days: str, opens: str, closes: str) -> tuple[str, str]:
    return ('closes: "16:00"\n', AGAIN.format(days=days, opens=opens, closes=closes))


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ((people(1),), "error", "2 approvals can never be reached: roles.approvers names 1 person"),
        ((people(2),), "warning", "all have to approve: whoever asks must be none of them"),
        ((hook("https://u:pw@deploy.example.com/x"), ROLLBACK), "error", "name or password in it"),
        ((hook("https://token@deploy.example.com/x"), ROLLBACK), "error", "name or password in it"),
        (
            (hook("http://deploy.example.com/x"), ROLLBACK),
            "error",
            '"deploy.example.com" would be asked without',
        ),
        ((hook("http://[::1/x"), ROLLBACK), "error", "no address that can be asked"),
        ((hook("https://deploy.example.com/x"),), "warning", 'no service names the webhook "deployer"'),
        (((STANDARD, "    start:\n"),), "error", '"start" is a word of /change'),
        (((STANDARD, "    mine:\n"),), "error", '"mine" is a word of /change'),
        (((STANDARD, "    all:\n"),), "error", '"all" is a word of /change'),
        (((STANDARD, "    ch12:\n"),), "error", '"ch12" reads as the number of a change'),
        (((STANDARD, '    "12":\n'),), "error", '"12" reads as the number of a change'),
        (((STANDARD, "    payment:\n"),), "error", '"payment" is a service, too'),
        (((TITLE, "title: major change\n"),), "error", '"standard" and "major" have one title'),
        (
            ((ONCE, 'closes: "16:00"\n      approvals: 0'),),
            "warning",
            'type "standard" starts without approval',
        ),
        ((window("Tue, Thu", "14:00", "16:00"),), "warning", "this window is there already, on line"),
        ((window("Mon-Wed", "15:00", "17:00"),), "warning", "this window overlaps with another one, on line"),
        ((window("Mon", "22:00", "02:00"), window("Tue", "01:00", "03:00")), "warning", "overlaps with"),
        ((window("Sun", "22:00", "02:00"), window("Mon", "01:00", "03:00")), "warning", "overlaps with"),
        ((("\nchanges:\n", "\nchanges:\n  approvals_last: 30m\n"),), "error", "between 1 hour and 90 days"),
        ((("\nchanges:\n", "\nchanges:\n  approvals_last: 91d\n"),), "error", "between 1 hour and 90 days"),
        ((("\nchanges:\n", "\nchanges:\n  watched_for: 25h\n"),), "error", "between 1 minute and 24 hours"),
        ((("\n  team-lead:\n", "\n  ack:\n"),), "error", '"ack" is a word of /page'),
        (
            (("file: database-operations.md", "file: kubernetes-operations.md"),),
            "warning",
            '"kubernetes-operations.md" is the file of',
        ),
        (
            (
                (
                    "file: database-operations.md",
                    "file: database-operations.md\n        tags: [psql, Psql]",
                ),
            ),
            "warning",
            'the tag "Psql" is there already',
        ),
    ],
)
def test_what_cannot_be_meant_is_found(
    found: Found, changes: tuple[tuple[str, str], ...], level: str, said: str
) -> None:
    assert [one for one, text in found(*changes) if said in text] == [level]


@pytest.mark.parametrize(
    "changes",
    [
        (hook("https://deploy.example.com/x"), ROLLBACK),
        (hook("http://127.0.0.1:8080/x"), ROLLBACK),
        (hook("http://localhost/x"), ROLLBACK),
        (window("Tue, Thu", "16:00", "17:00"),),
        (window("Mon", "22:00", "02:00"),),
        (("\nchanges:\n", "\nchanges:\n  approvals_last: 90d\n  watched_for: 24h\n"),),
    ],
)
def test_what_can_be_meant_is_fine(found: Found, changes: tuple[tuple[str, str], ...]) -> None:
    assert found(*changes) == []


def test_enough_approvers_by_name_or_a_group_of_them_are_fine(found: Found) -> None:
    group = (NOBODY, "approvers: {groups: [S00000001], people: []}")
    for approvers in (people(3), group):
        said = [text for _, text in found(approvers)]
        assert said == ["everybody who is no guest overrides the gate and freezes: fill in roles.leads"]


def test_a_guide_that_names_nobody_who_lets_changes_through_says_so_once() -> None:
    [warning] = [one for one in check_guide(None) if "no guest" in one.text]
    assert (warning.level, warning.text) == (
        Level.WARNING,
        WHO_MAY,
    )


def test_no_type_of_change_and_no_tier_can_be_called_as_a_word() -> None:
    assert set(WORDS) == CHANGE_WORDS
    assert page.WORDS == PAGE_WORDS
