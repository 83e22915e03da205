from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from bot.domain.guide import Mention, ReachKind
from bot.domain.severity import Severity
from bot.domain.slo.objective import PLATFORM
from bot.guide.commands import lint_command, show_command
from bot.guide.finding import GuideError, Level
from bot.guide.lint_slo import SLO_WORDS
from bot.guide.load import check_guide, load_guide
from handlers.slo_grammar import WORDS

SHIPPED = files("manifests").joinpath("operations-guide.yaml").read_text()

ON_CALL = """\
    title: On-call Engineer
    reach:
      pagerduty: service
    mention:      # fill in, such as groups: [S0123456789]
      groups: []
      people: []
"""
TEAM_LEAD = """\
    title: Team Lead
    reach:
      pagerduty: service
"""
DIRECTOR = """\
    title: Director
    reach:
      pagerduty: service
"""

Edit = Callable[..., Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Writes the shipped guide with some of its text replaced, each of which must be in it."""

    def write(*changes: tuple[str, str]) -> Path:
        text = SHIPPED
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "guide.yaml"
        path.write_text(text)
        return path

    return write


def errors(path: Path) -> list[str]:
    return [
        str(finding).removeprefix(f"{path}:") for finding in check_guide(path) if finding.level is Level.ERROR
    ]


def place_of(path: Path, text: str, within: str = "") -> str:
    """`line:column` of `text` in the file, after the first line that holds `within`."""
    lines = path.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if within in line)
    number = next(number for number in range(start, len(lines)) if text in lines[number])
    return f"{number + 1}:{lines[number].index(text) + 1}"


@pytest.mark.parametrize(
    ("old", "new", "text", "said"),
    [
        (
            "path: [on-call, team-lead, d",
            "path: [on-cal, team-lead, d",
            "on-cal",
            '"on-cal" is no tier; nearest: "on-call"',
        ),
        (
            "team: platform-team\n",
            "team: platfrom-team\n",
            "platfrom",
            '"platfrom-team" is no team; nearest: "platform-team"',
        ),
        (
            "runbook: payment-operations",
            "runbook: payment",
            "payment\n",
            '"payment" is no runbook; nearest: "payment-operations"',
        ),
        (
            "[service-health, b",
            "[servce-health, b",
            "servce",
            '"servce-health" is no dashboard; nearest: "service-health"',
        ),
        (
            "channel: security-incidents\n    team: s",
            "channel: security\n    team: s",
            "security\n",
            '"security" is no channel; nearest: "security-incidents"',
        ),
        ("ops: platform-alerts", "ops: zzz", "zzz", '"zzz" is no channel'),
        (
            "{team: security-team}",
            "{service: paymnt}",
            "paymnt",
            '"paymnt" is no service; nearest: "payment"',
        ),
        (
            "    meaning: Some",
            "    meening: Some",
            "meening",
            '"meening" is no key in "P2"; nearest: "meaning"',
        ),
        ("vendors:", "vendor:", "vendor:", '"vendor" is no section; nearest: "vendors"'),
        (
            "zone: America/New_York\n",
            "zone: America/New_Yrok\n",
            "America/New_Yrok",
            'no time zone of the IANA database; nearest: "America/New_York"',
        ),
        ("response: 1h", "response: soon", "soon", '"soon" is no duration'),
        ("response: 1h", "response: 5s", "5s", '"5s" is no sensible response time'),
        (
            "response: 1h",
            "response: 5m",
            "5m",
            "P1 would be answered sooner than the more urgent P0 (15 min)",
        ),
        ("availability: 99.95%", "availability: 99.95", "99.95", '"99.95" is no percentage'),
        (
            "cadence: weekly",
            "cadence: weakly",
            "weakly",
            '"weakly" must be one of daily, weekly, monthly; nearest: "weekly"',
        ),
        ("  P3:", "  P4:", "P4", '"P4" must be one of P0, P1, P2, P3'),
        ("approvals: 2", "approvals: two", "two", "whole number"),
        ("pages: false\n    r", "pages: perhaps\n    r", "perhaps", "true or false"),
        (
            '#leadership"\n    channel',
            '#leadership"\n    chanel',
            "chanel",
            '"chanel" is no key here; nearest: "channel"',
        ),
        ("name: Suuupra", "name: 7", "7", "this must be text"),
        (
            "http://grafana.suuupra.com/d/infra",
            "javascript:alert",
            "javascript",
            "is no http or https address",
        ),
        ("file: incident-response.md", "file: ../../etc/passwd.md", "../", "is no relative file name"),
        ("purpose: Business stakeholders", "purpose: ''", "''", "must not be empty"),
    ],
)
def test_a_mistake_is_found_with_its_place_and_the_nearest_word(
    edited: Edit, old: str, new: str, text: str, said: str
) -> None:
    path = edited((old, new))
    position = place_of(path, text.strip(), within=new.partition("\n")[0])
    found = [error for error in errors(path) if error.startswith(f"{position}: error: ")]
    assert any(said in error for error in found), errors(path)


def test_all_mistakes_are_told_in_the_files_order(edited: Edit) -> None:
    path = edited(
        ("path: [on-call, team-lead, d", "path: [on-cal, team-lead, d"),
        ("title: Payment Service\n", "titel: Payment Service\n"),
        ('opens: "14:00"', 'opens: "17:00"'),
        ("email: devops-team@suuupra.com", "email: nobody"),
    )
    assert [error.split(": error: ")[1] for error in errors(path)] == [
        '"on-cal" is no tier; nearest: "on-call"',
        '"title" is missing in "payment"',
        '"titel" is no key in "payment"; nearest: "title"',
        "this window is open all night and most of the day: opens 17:00, closes 16:00 on the next day",
        '"nobody" is no e-mail address',
    ]


def test_a_missing_section_is_found(edited: Edit) -> None:
    start = SHIPPED.index("vendors:\n")
    path = edited((SHIPPED[start : SHIPPED.index("# Emergency contacts")], ""))
    assert errors(path) == ['1:1: error: the section "vendors" is missing']


def test_a_missing_severity_is_found(edited: Edit) -> None:
    start = SHIPPED.index("  P2:\n")
    path = edited((SHIPPED[start : SHIPPED.index("  P3:\n")], ""))
    assert errors(path) == [f'{place_of(path, "severities:")}: error: "P2" is missing in "severities"']


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    path: []  ", "    path: [on-call]  ", '"next business day" goes to the team\'s backlog'),
        ("path: [on-call]", "path: []", "it pages, but its path is empty"),
        ("path: [on-call]\n    pages: true", "path: []\n    pages: false", "nobody has to answer in time"),
        ("starts: anytime", "starts: weekly", "its window never opens"),
        ("starts: weekly", "starts: anytime", '"windows" mean nothing'),
        ("starts: weekly", "starts: whenever", "must be one of weekly, planned, anytime"),
        ("cadence: daily", "cadence: weekly", 'a weekly checklist needs "weekday"'),
        ("cadence: monthly", "cadence: daily", 'a daily checklist has no "business_day"'),
        (
            "severity: P1\n    page: false",
            "severity: P3\n    page: true",
            "this route pages, but P3 pages nobody",
        ),
        ("key: testing", "key: planning", 'two phases have the key "planning"'),
        (
            "      - Backups older",
            "      - Every backup of the week has run, and is as large as expected\n      - B",
            "both have the key",
        ),
        (
            "      kubernetes-operations:\n",
            "      database-operations:\n",
            'the runbook "database-operations" is already',
        ),
        ("      pagerduty: service", "      pagerduty: level two", '"level two" is no way to reach a tier'),
        (
            "    reach:\n      pagerduty: service",
            "    reach: telepathy",
            '"telepathy" is no way to reach a tier',
        ),
        ("    reach:\n      pagerduty: service", "    reach: {}", "no one way to reach the tier"),
        ("    reach:\n      pagerduty: service\n", "", '"reach" is missing in "on-call"'),
        ('closes: "17:00"', 'closes: "09:00"', "business hours never open"),
        ("groups: []", "groups: [platform]", "is no id of a Slack user group"),
        ("  content:\n    title", "  gate:\n    title", '"gate" is a word of /slo'),
        ('bad: status=~"5.."', 'bad: status="5.."', 'for a pattern write status=~"5.."'),
        ('bad: status=~"5.."', 'bad: status!="5.*"', 'for a pattern write status!~"5.*"'),
        ('bad: status=~"5.."', 'bad: status=~"5..("', "is no regular expression"),
        ('bad: status=~"5.."', 'bad: status=~"(?!2)..."', "looks ahead or back"),
        (
            "selector: {service: content}",
            'selector: {service: content, status: "200"}',
            'asks for the label "status", which "selector" has set already',
        ),
        (
            "duration: http_request_duration_seconds",
            "duration: http_request_duration_seconds_bucket",
            '"duration" is written without "_bucket": http_request_duration_seconds',
        ),
        ("    up: probe_success\n", "", '"up_selector" picks the series of "up", which is missing'),
        (
            "      duration: http_request_duration_seconds\n      selector: {service: content}",
            "      selector: {service: content}",
            'latency_p95 is promised, but "metrics" has no "duration"',
        ),
        (
            "      availability: 99.5%",
            "      window: 25h 30m\n      availability: 99.5%",
            "whole number of hours",
        ),
    ],
)
def test_a_part_that_contradicts_itself_is_an_error(edited: Edit, old: str, new: str, said: str) -> None:
    found = errors(edited((old, new)))
    assert any(said in error for error in found), found


def test_a_tier_of_slack_alone_with_nobody_to_mention_has_no_way_to_be_reached(edited: Edit) -> None:
    path = edited((DIRECTOR, "    title: Director\n    reach: slack\n"))
    [error] = errors(path)
    assert '"director" has no way to be reached' in error


def test_a_tier_of_slack_alone_with_a_person_is_fine(edited: Edit) -> None:
    path = edited(
        (ON_CALL, "    title: On-call Engineer\n    reach: slack\n    mention: {people: [U0123456789]}\n")
    )
    tier = load_guide(path).tiers["on-call"]
    assert (tier.reach, tier.mention) == (ReachKind.SLACK, Mention(people=("U0123456789",)))


def level(title: str, number: int) -> str:
    return f"    title: {title}\n    reach:\n      pagerduty: level {number}\n"


def test_rising_levels_of_the_first_tiers_service_are_fine(edited: Edit) -> None:
    path = edited((TEAM_LEAD, level("Team Lead", 2)), (DIRECTOR, level("Director", 3)))
    director = load_guide(path).tiers["director"]
    assert (director.reach, director.level) == (ReachKind.LEVEL, 3)


def test_a_level_without_a_service_at_the_first_tier_is_an_error(edited: Edit) -> None:
    mentioned = "    title: On-call Engineer\n    reach: slack\n    mention: {groups: [S0123456789]}\n"
    [error] = errors(edited((ON_CALL, mentioned), (TEAM_LEAD, level("Team Lead", 2))))
    assert 'a level needs a service to be a level of, but P0\'s first tier "on-call" has none' in error


def test_two_tiers_of_one_level_are_an_error(edited: Edit) -> None:
    found = errors(edited((TEAM_LEAD, level("Team Lead", 2)), (DIRECTOR, level("Director", 2))))
    assert any('level 2 is already that of "team-lead"' in error for error in found)


def test_level_one_is_the_first_tiers_own(edited: Edit) -> None:
    [error] = errors(edited((TEAM_LEAD, level("Team Lead", 1))))
    assert 'level 1 is already that of "on-call"' in error


def test_a_path_along_which_levels_fall_is_an_error(edited: Edit) -> None:
    [error] = errors(edited((TEAM_LEAD, level("Team Lead", 3)), (DIRECTOR, level("Director", 2))))
    assert '"director" is level 2, but "team-lead" before it is level 3: PagerDuty goes up only' in error


def test_a_route_behind_one_that_takes_all_its_alerts_is_a_warning(edited: Edit) -> None:
    path = edited(("  - match: {severity: critical}\n    channel", "  - channel"))
    [warning] = [finding for finding in check_guide(path) if "no alert comes here" in finding.text]
    assert warning.level is Level.WARNING


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    up: probe_success\n    up_selector: {}\n",
            "",
            "availability and error_rate are both counted from requests",
        ),
        (
            (
                "    metrics:\n      requests: http_requests_total\n"
                "      duration: http_request_duration_seconds\n      selector: {service: content}\n"
                '      bad: status=~"5.."\n'
            ),
            "",
            '"content" has objectives, but no "metrics"',
        ),
        (
            "      availability: 99.5%",
            "      availability: 99.5%\n      error_rate: 0.5%",
            'availability and error_rate of "content" are both counted from requests',
        ),
        (
            "selector: {service: content}",
            "selector: {service: payment}",
            '"content" counts the same requests as "payment"',
        ),
    ],
)
def test_what_cannot_be_measured_is_a_warning(edited: Edit, old: str, new: str, said: str) -> None:
    [warning] = [finding for finding in check_guide(edited((old, new))) if said in finding.text]
    assert warning.level is Level.WARNING


def test_no_service_is_called_as_a_word_of_the_command() -> None:
    assert {*WORDS, PLATFORM} == SLO_WORDS


def test_rooms_without_a_security_team_to_invite_are_a_warning(edited: Edit) -> None:
    path = edited(("    meaning: Customers cannot use", "    room: true\n    meaning: Customers cannot use"))
    [warning] = [finding for finding in check_guide(path) if "room would be empty" in finding.text]
    assert warning.level is Level.WARNING
    assert load_guide(path).severities[Severity.P0].room


@pytest.mark.parametrize(("said", "read"), [("7d", timedelta(days=7)), ("never", None)])
def test_when_a_room_is_archived_is_a_duration_or_never(
    edited: Edit, said: str, read: timedelta | None
) -> None:
    guide = load_guide(edited(("archive_after: 7d", f"archive_after: {said}")))
    assert guide.incidents.room.archive_after == read


def test_a_base_makes_the_runbooks_links(edited: Edit) -> None:
    path = edited(
        ("  # base: https://docs.example.com/runbooks", "  base: https://docs.suuupra.com/runbooks/")
    )
    runbook = load_guide(path).runbooks["incident-response"]
    assert runbook.url == "https://docs.suuupra.com/runbooks/incident-response.md"


def test_roles_are_read(edited: Edit) -> None:
    path = edited(("  approvers: {groups: [], p", "  approvers: {groups: [S0123456789], p"))
    assert load_guide(path).roles.approvers == Mention(groups=("S0123456789",))


def test_the_guide_cannot_be_changed() -> None:
    guide = load_guide(None)
    with pytest.raises(TypeError):
        guide.severities[Severity.P0] = guide.severities[Severity.P1]  # type: ignore[index]


def test_a_guide_with_errors_is_not_loaded_and_warnings_are_not_told_with_them(edited: Edit) -> None:
    path = edited(("team: platform-team\n", "team: nobody\n"))
    with pytest.raises(GuideError) as caught:
        load_guide(path)
    assert (
        str(caught.value)
        == f'{path}:{place_of(path, "nobody", within="team: nobody")}: error: "nobody" is no team'
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert [str(finding) for finding in check_guide(path)] == [
        f"{path}:1:1: error: cannot be read: No such file or directory"
    ]


def test_a_byte_that_is_no_text_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "guide.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    assert [str(finding) for finding in check_guide(path)] == [
        f"{path}:2:4: error: a byte that is no UTF-8 text"
    ]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "guide.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SHIPPED.encode())
    assert load_guide(path) == load_guide(None)


def test_the_lint_command_counts_and_succeeds_without_errors() -> None:
    out = io.StringIO()
    assert lint_command(None, out) == 0
    assert out.getvalue().endswith("operations-guide.yaml: 0 errors, 7 warnings\n")


def test_the_lint_command_fails_on_an_error(edited: Edit) -> None:
    path, out = edited(("team: platform-team\n", "team: nobody\n")), io.StringIO()
    assert lint_command(path, out) == 1
    assert (
        f'{path}:{place_of(path, "nobody", within="team: nobody")}: error: "nobody" is no team\n'
        in out.getvalue()
    )
    assert out.getvalue().endswith(f"{path}: 1 error, 7 warnings\n")


def test_the_show_command_tells_errors_and_fails(tmp_path: Path) -> None:
    out = io.StringIO()
    assert show_command(tmp_path / "none.yaml", out) == 1
    assert "cannot be read" in out.getvalue()


TEMPLATE_LINE = "    drills: false\n"


def test_a_template_beside_the_guide_is_read_and_its_places_are_checked(edited: Edit) -> None:
    path = edited((TEMPLATE_LINE, f"{TEMPLATE_LINE}    template: ours.md\n"))
    (missing,) = errors(path)
    assert '"ours.md" cannot be read beside the guide' in missing
    (path.parent / "ours.md").write_text("# {title}\n\n  {timelin} {Items}\n")
    found = [str(one).removeprefix(f"{path.parent}/") for one in check_guide(path)]
    assert any(
        one.startswith('ours.md:3:3: error: "{timelin}" is no place of a post-mortem')
        and one.endswith('nearest: "timeline"')
        for one in found
    )
    (path.parent / "ours.md").write_text("# {title}")
    assert load_guide(path).incidents.postmortem.template == "# {title}"


def test_a_deadline_is_in_business_days(edited: Edit) -> None:
    for wrong in ("3 days", "0 business days", "61 business days", "3"):
        (found,) = errors(edited(("P0: 3 business days", f"P0: {wrong}")))
        assert 'is no deadline: write "1 business day"' in found
    guide = load_guide(edited(("P0: 3 business days", "P2: 1 Business  Day")))
    assert dict(guide.incidents.postmortem.due) == {Severity.P2: 1, Severity.P1: 5}
