"""Every row of the operations guide is found from Slack, by the command that somebody would type for it."""

from __future__ import annotations

import pytest

from bot.domain.change_policy import ChangeType
from bot.domain.checklist import Cadence
from bot.domain.guide import Guide, Service
from bot.domain.severity import Severity
from bot.domain.text import duration
from tests.scenarios.stories.test_direct_messages import answers, writes
from tests.support.builders import a_guide
from tests.support.harness import World
from tests.support.homes import opens_home
from tests.support.people import OPS, readable
from tests.support.worlds import OpenWorld

GUIDE = a_guide()
APPROVALS = {1: "1 approval", 2: "2 approvals"}


@pytest.fixture
async def measured(a_world: OpenWorld) -> World:
    """A bot that asks Prometheus and PagerDuty, with the shipped guide as it is."""
    return await a_world(prometheus=True, guide=GUIDE)


async def asked(world: World, line: str) -> str:
    """Everything that Kim is shown for a line, alone or with the channel."""
    channel = world.slack.workspace.find_channel(OPS)
    before, alone = len(channel.messages), len(world.kim.sees)
    reply = await world.kim.types(line)
    told = [readable(one.content) for one in list(channel.messages.values())[before:]]
    own = [] if reply.message is None else [readable(reply.message.content)]
    return "\n".join([*own, *told, *world.kim.sees[alone:]])


async def form(world: World, line: str) -> str:
    """Everything that the form says which a line opens."""
    await world.kim.types(line)
    return str(world.slack.views("kim")[-1].given)


# --- whom to reach ---


@pytest.mark.parametrize("contact", GUIDE.contacts, ids=lambda one: one.title)
async def test_an_emergency_contact_is_told_with_how_it_is_reached(world: World, contact: object) -> None:
    told = await asked(world, "/contacts")
    [wanted] = [one for one in GUIDE.contacts if one is contact]
    channel = GUIDE.channels.get(wanted.channel or "")
    how = wanted.how if channel is None else f"<#{world.slack.workspace.find_channel(channel.name).id}>"
    assert f"*{wanted.title}*: {how}" in told.splitlines()


async def test_teams_are_told_with_channel_and_address(world: World) -> None:
    told = await asked(world, "/contacts teams")
    for team in GUIDE.teams.values():
        assert f"*{team.title}*" in told
        assert team.email is not None
        assert team.email in told


async def test_vendors_are_told_with_what_they_are_for(world: World) -> None:
    told = await asked(world, "/contacts vendors")
    for vendor in GUIDE.vendors.values():
        assert f"*{vendor.title}*: {vendor.purpose}" in told


async def test_every_tier_is_told_with_who_is_on_call(world: World) -> None:
    told = await asked(world, "/oncall")
    for tier in GUIDE.tiers.values():
        assert f"*{tier.title}* `{tier.key}`\nNow: " in told


# --- severities ---


@pytest.mark.parametrize("severity", Severity)
async def test_a_severity_is_told_with_its_meaning_and_how_soon_somebody_answers(
    world: World, severity: Severity
) -> None:
    policy = GUIDE.severities[severity]
    told = await form(world, "/incident")
    assert f"{severity} {policy.title}: {policy.meaning}" in told
    assert (duration(policy.response) if policy.response else "next business day") in told


@pytest.mark.parametrize("severity", [one for one, policy in GUIDE.severities.items() if policy.path])
async def test_the_path_of_a_severity_is_told_for_a_service(world: World, severity: Severity) -> None:
    policy = GUIDE.severities[severity]
    told = await asked(world, "/oncall payment")
    [line] = {line for line in told.splitlines() if line.startswith(f"{severity}: ")}
    titles = [GUIDE.tiers[tier].title for tier in policy.path]
    assert [line.index(title) for title in titles] == sorted(line.index(title) for title in titles)
    if len(titles) > 1:
        assert policy.response is not None
        assert f"after {duration(policy.response)}" in line


@pytest.mark.parametrize("severity", Severity)
async def test_a_severity_stands_in_the_matrix_with_its_response_and_its_path(
    world: World, severity: Severity
) -> None:
    policy = GUIDE.severities[severity]
    lines = (await asked(world, "/incident severities")).splitlines()
    at = lines.index(f"*{severity} {policy.title}*: {policy.meaning}")
    response = f"within {duration(policy.response)}" if policy.response else "on the next business day"
    assert lines[at + 1] == f"Somebody answers {response}."
    reached = lines[at + 2]
    assert reached.startswith("Pages " if policy.pages else "Pages nobody: the team is mentioned")
    titles = [GUIDE.tiers[tier].title for tier in policy.path]
    assert [reached.index(title) for title in titles] == sorted(reached.index(title) for title in titles)
    for number, title in enumerate(titles):
        assert policy.response is not None
        when = f"after {duration(number * policy.response)}" if number else "at once"
        assert f"{title} {when}" in reached
        assert f"every {duration(policy.response)}, until somebody acknowledges" in reached


async def test_the_matrix_is_told_in_mentions_and_direct_messages_and_to_guests(world: World) -> None:
    await world.kim.mentions("severities")
    assert "*P0 Critical*" in world.kim.sees[-1]
    await writes(world, "severities")
    assert "*P0 Critical*" in answers(world)[-1]
    reply = await world.gus.types("/incident severities")
    assert "Severities: P0 Critical, P1 High" in reply.text
    reply = await world.gus.types("/incident help")
    assert reply.message is not None
    assert "`/incident severities`" in readable(reply.message.content)


# --- what is promised, and where to look ---


@pytest.mark.parametrize("service", GUIDE.services.values(), ids=lambda one: one.key)
async def test_a_services_promises_are_told_with_its_dashboards_runbook_and_team(
    measured: World, service: Service
) -> None:
    told = await asked(measured, f"/slo {service.key}")
    assert service.slo is not None
    assert service.slo.availability is not None
    assert service.slo.latency_p95 is not None
    assert f"≥ {service.slo.availability * 100:g} %" in told
    assert f"promised: at most {round(service.slo.latency_p95.total_seconds() * 1000)} ms" in told
    for key in service.dashboards or GUIDE.defaults.dashboards:
        assert f"<{GUIDE.dashboards[key].url}|{GUIDE.dashboards[key].title}>" in told
    who = await asked(measured, f"/oncall {service.key}")
    assert GUIDE.teams[service.team].title in who
    assert GUIDE.runbooks[service.runbook].title in who


async def test_the_platforms_promises_are_told(measured: World) -> None:
    told = await asked(measured, "/slo platform")
    slo = GUIDE.platform.slo
    assert slo.availability is not None
    assert slo.error_rate is not None
    assert f"≥ {slo.availability * 100:g} %" in told
    assert f"promised: at most {slo.error_rate * 100:g} %" in told
    assert "promised: at most 500 ms" in told


async def test_every_dashboard_is_on_home(world: World) -> None:
    page = await opens_home(world, world.kim)
    for board in GUIDE.dashboards.values():
        assert page.says(f"<{board.url}|{board.title}>")


# --- what is done how often, and by which document ---


@pytest.mark.parametrize("cadence", Cadence)
async def test_procedures_are_listed_by_how_often_they_come_and_told_with_their_purpose(
    world: World, cadence: Cadence
) -> None:
    listed = await asked(world, f"/checklist {cadence}")
    procedures = [one for one in GUIDE.checklists.values() if one.cadence is cadence]
    assert procedures
    for one in procedures:
        assert f"*{one.title}* (`{one.key}`)" in listed
        assert one.purpose in await asked(world, f"/checklist show {one.key}")


async def test_runbooks_are_listed_by_section_and_each_is_found_by_its_title(world: World) -> None:
    listed = await asked(world, "/runbook")
    lines = listed.splitlines()
    for book in GUIDE.runbooks.values():
        assert lines.index(f"*{book.section}*") < lines.index(f"{book.title}  `{book.key}`")
        assert book.file in await asked(world, f"/runbook show {book.key}")


# --- changes ---


@pytest.mark.parametrize("kind", GUIDE.changes.types.values(), ids=lambda one: one.key)
async def test_a_type_of_change_is_told_with_its_windows_and_approvals(
    world: World, kind: ChangeType
) -> None:
    told = await asked(world, "/change help")
    [line] = {line for line in told.splitlines() if line.startswith(f"• *{kind.title}*")}
    assert APPROVALS[kind.approvals] in line
    for window in kind.windows:
        assert f"{window.opens:%H:%M}" in line
        assert f"{window.closes:%H:%M}" in line
    assert kind.title in await form(world, f"/change request {kind.key}")
    assert kind.title in await asked(world, f"/change gate payment {kind.key}")


async def test_the_windows_to_come_stand_on_the_calendar(world: World) -> None:
    told = await asked(world, "/change calendar")
    assert "*Tue 17 Mar*\n🟢 14:00\N{EN DASH}16:00 Standard Change" in told
    assert "*Thu 19 Mar*\n🟢 14:00\N{EN DASH}16:00 Standard Change" in told


async def test_every_phase_of_a_change_is_told_with_what_is_done_in_it(world: World) -> None:
    told = await asked(world, "/change help")
    for phase in GUIDE.changes.phases:
        assert f"• *{phase.title}*: {phase.description}" in told


def test_the_walk_leaves_out_no_part_of_the_guide() -> None:
    """A part that a guide gets anew is to be asked for here, or is not for people to ask for."""
    walked = {
        "contacts",
        "teams",
        "vendors",
        "tiers",
        "severities",
        "services",
        "platform",
        "dashboards",
        "checklists",
        "runbooks",
        "changes",
        "channels",  # told with contacts and teams
    }
    how_the_bot_works = {
        "organization",
        "alerts",
        "defaults",
        "roles",
        "incidents",
        "alerting",
        "reviews",
        "runbook_folder",
    }
    assert set(Guide.__dataclass_fields__) == walked | how_the_bot_works
