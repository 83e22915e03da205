"""Changes as stories tell them: asked for in the form, approved, carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.guide import Guide, Mention
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.modals import View
from tests.support.harness import World, a_staffed_guide
from tests.support.people import Person

TUESDAY = datetime(2026, 3, 17, 18, 0, tzinfo=UTC)
"""Tuesday 14:00 in New York, the day after stories begin: the window of standard changes opens."""

LEE, DIA, ANA, KIM, GUS = "U0LEE0001", "U0DIA0001", "U0ANA0001", "U0KIM0001", "U0GUS0001"

FILLED: dict[str, Any] = {
    "kind": "standard",
    "service": "payment",
    "title": "New checkout",
    "steps": "1. Canary at 5 %\n2. All pods",
    "validation": "p95 stays below 150 ms",
    "rollback": "helm rollback checkout",
    "starts": int(TUESDAY.timestamp()),
    "length": "30m",
    "risk": "low",
}
"""A form that is filled in well: a standard change of the payment service, on Tuesday at 14:00."""


def a_guide_with_roles() -> Guide:
    """The staffed guide, in which Lee leads, and Lee and Dia approve changes."""
    guide = a_staffed_guide()
    roles = replace(guide.roles, leads=Mention(people=(LEE,)), approvers=Mention(people=(LEE, DIA)))
    return replace(guide, roles=roles)


def at(instant: str) -> int:
    """What a form has for an instant that is chosen in it."""
    return int(datetime.fromisoformat(instant).timestamp())


async def asks(person: Person, line: str = "/change", **values: Any) -> Reply:
    """Somebody opens the form by a line, fills it in, and sends it."""
    await person.types(line)
    return await person.sends(**{**FILLED, **values})


async def started(world: World, **values: Any) -> None:
    """Ana's change is approved by Lee, tested, and started by Ana on Tuesday at 14:00."""
    await asks(world.ana, **values)
    await world.lee.types("/change approve CH1")
    await world.ana.types("/change next CH1")
    await world.forward_to(TUESDAY)
    if world.setup.prometheus:
        await world.notes_budgets()
    reply = await world.ana.types("/change start CH1")
    assert world.change_card().says("Deploy"), reply.text


def form(world: World, name: str = "ana") -> View:
    """The form that somebody sees."""
    return world.slack.views(name)[-1]


def part(view: View, name: str) -> dict[str, Any]:
    """A part of a form by its name."""
    block: dict[str, Any] = next(block for block in view.blocks if block["block_id"] == name)
    return block


def said_in(reply: Reply) -> str:
    """What a form that was sent has turned into, as text."""
    return "\n".join(block["text"]["text"] for block in reply.body["view"]["blocks"] if "text" in block)


def wrong(reply: Reply) -> dict[str, str]:
    """What a form says is wrong, by its parts."""
    body = reply.body if isinstance(reply.body, dict) else {}
    errors: dict[str, str] = body.get("errors") or {}
    return errors


async def says(world: World, person: Person, text: str) -> str:
    """Somebody writes to the bot alone, and what it answers."""
    workspace = world.slack.workspace
    direct = workspace.direct(workspace.find_user(person.name).id)
    world.slack.say(person.name, direct.id, text)
    await world.settle()
    return [one.text for one in direct.messages.values()][-1]
