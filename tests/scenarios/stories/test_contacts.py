"""`/contacts`: whom to reach, and how; nobody is notified by it."""

from __future__ import annotations

from dataclasses import replace

from tests.scenarios.stories.test_direct_messages import answers, writes
from tests.support.harness import World, a_staffed_guide
from tests.support.people import readable
from tests.support.worlds import OpenWorld


async def shown(world: World, line: str, name: str = "kim") -> str:
    reply = await getattr(world, name).types(line)
    assert reply.message is not None
    return readable(reply.message.content)


async def test_everybody_of_the_guide_is_there_with_channel_mail_and_how(world: World) -> None:
    told = await shown(world, "/contacts")
    guide = world.setup.guide
    for contact in guide.contacts:
        channel = guide.channels.get(contact.channel or "")
        how = contact.how if channel is None else f"<#{world.slack.workspace.find_channel(channel.name).id}>"
        assert f"*{contact.title}*: {how}" in told.splitlines()
    for team in guide.teams.values():
        assert f"*{team.title}*: <#" in told
        assert f"<mailto:{team.email}|{team.email}>" in told
    for vendor in guide.vendors.values():
        assert f"*{vendor.title}*: {vendor.purpose}" in told
    assert "the guide does not say how: `vendors.aws-support.contact`" in told
    assert "user group" not in told
    assert "<!subteam" not in told


async def test_how_a_case_is_opened_is_told_as_the_guide_says(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    aws = replace(guide.vendors["aws-support"], contact="https://support.example.com *account* 42")
    world = await a_world(guide=replace(guide, vendors={**guide.vendors, "aws-support": aws}))
    told = await shown(world, "/contacts aws")
    assert "Enterprise support case · https://support.example.com" in told
    assert "*account*" not in told
    assert "PagerDuty" not in told


async def test_what_is_said_beside_a_channel_stays(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    [first, *others] = guide.contacts
    ways = ("Slack #security-incidents, day and night", "Slack #leadership")
    told = [replace(first, how=how, channel="security-incidents") for how in ways]
    world = await a_world(guide=replace(guide, contacts=(*told, *others)))
    link = f"<#{world.slack.workspace.find_channel('security-incidents').id}>"
    lines = (await shown(world, "/contacts")).splitlines()
    for how in ways:
        assert f"*{first.title}*: {how} ({link})" in lines


async def test_bad_input_gets_the_nearest_word(world: World) -> None:
    reply = await world.kim.types("/contacts sekurity")
    assert "The guide knows nobody called “sekurity”. The nearest: `security-team`" in reply.text
    assert "You typed: `/contacts sekurity`" in reply.text


async def test_guests_may_look_and_so_may_those_who_mention_or_write(world: World) -> None:
    assert "Security Team" in await shown(world, "/contacts security", "gus")
    await world.kim.mentions("contacts aws")
    assert "AWS Support" in world.kim.sees[-1]
    await writes(world, "contacts vendors")
    assert "DataDog" in answers(world)[-1]
