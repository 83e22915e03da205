"""A timeline as a file."""

from __future__ import annotations

import json

from tests.support.harness import World

SECURITY = "security-incidents"


def files(world: World) -> dict[str, str]:
    """The files that were shared, by name."""
    kept = world.slack.workspace.files
    return {file.name: (file.data or b"").decode() for file in kept if file.shares}


async def test_a_timeline_comes_as_a_file_into_the_cards_thread(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident note 1 traffic moved")
    reply = await world.lee.types("/incident export 1")
    await world.settle()
    assert "The timeline of P0 #1 comes into its thread as a file." in reply.text
    assert "Note by kim: traffic moved" in files(world)["incident-1.md"]
    assert "The timeline of P0 #1, asked for by lee" in world.card().thread[-1]


async def test_a_program_gets_json(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.lee.mentions("export json", thread=world.card())
    await world.settle()
    read = json.loads(files(world)["incident-1.json"])
    assert [entry["kind"] for entry in read["timeline"]][:2] == ["declared", "paged"]


async def test_a_security_incident_is_exported_in_its_channel_only(world: World) -> None:
    await world.sam.types("/incident p0 token leaked", channel=SECURITY)
    reply = await world.kim.types("/incident export 1")
    await world.settle()
    assert "To export it is for those in its channel" in reply.text
    assert "token" not in reply.text.replace("/incident export", "")
    assert files(world) == {}
    await world.sam.types("/incident export 1", channel=SECURITY)
    await world.settle()
    assert "token leaked" in files(world)["incident-1.md"]


async def test_a_guest_exports_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    reply = await world.gus.types("/incident export 1")
    assert "may look, but not export an incident" in reply.text
    assert files(world) == {}


async def test_a_file_that_slack_does_not_take_is_told_to_the_one_who_asked(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    world.slack.faults.add("down", "files.completeUploadExternal")
    await world.lee.types("/incident export 1")
    await world.settle()
    assert "The file could not be shared" in world.lee.sees[-1]
