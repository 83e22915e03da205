"""Silences in a world: asked for as the buttons and commands ask, and looked at in Alertmanager."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from bot.adapters.clock import RandomIds
from bot.domain.actor import Actor
from bot.domain.alert import AlertGroup, Silence
from bot.domain.silencing import SilenceFor
from bot.sandbox.alertmanager.silences import Silence as RemoteSilence
from bot.services.alert_changes import AlertChanges
from bot.services.requests import Answer, Ref, Request
from bot.services.silences import Silences
from tests.support.builders import EVERYBODY
from tests.support.harness import World

ANA = Actor(id="U0ANA", name="Ana")
HOUR = SilenceFor(length=timedelta(hours=1))

_requests = count(1)


def use_cases(world: World) -> Silences:
    """The use cases, without Slack before them."""
    bot = world.bot
    changes = AlertChanges(store=bot.store, clock=world.clock, directory=bot.directory, rights=EVERYBODY)
    return Silences(
        changes=changes, ids=RandomIds(), directory=bot.directory, is_there=world.setup.alertmanager
    )


async def silences(
    world: World, how_long: SilenceFor = HOUR, *, number: int = 1, comment: str = "", settled: bool = True
) -> Answer:
    """Ana silences a group."""
    answer = await use_cases(world).silence(_request(), Ref(number=number), how_long, comment)
    if settled:
        await world.settle()
    return answer


async def unsilences(world: World, *, number: int = 1, settled: bool = True) -> Answer:
    """Ana ends a group's silence."""
    answer = await use_cases(world).unsilence(_request(), Ref(number=number))
    if settled:
        await world.settle()
    return answer


def remote(world: World) -> list[RemoteSilence]:
    """Alertmanager's silences: those that hold first."""
    return world.alertmanager.silences.all(world.alertmanager.now())


def states(world: World) -> list[str]:
    """How they stand there."""
    now = world.alertmanager.now()
    return [one.state(now) for one in remote(world)]


async def rows(world: World, number: int = 1) -> tuple[Silence, ...]:
    """A group's rows, the newest first."""

    def body(tx: Any) -> tuple[Silence, ...]:
        return tuple(tx.silences.of(tx.alert_groups.by_number(number).id))

    return await world.bot.store.read(body)


async def group(world: World, number: int = 1) -> AlertGroup:
    """A group as it is now."""
    found = await world.bot.store.read(lambda tx: tx.alert_groups.by_number(number))
    assert found is not None
    return found


def _request() -> Request:
    return Request(source="test", delivery_id=f"silence-{next(_requests)}", actor=ANA)
