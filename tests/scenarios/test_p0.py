"""P0: on-call at once, team lead at 15 minutes, director at 30, and again until somebody acknowledges."""

from __future__ import annotations

from tests.support.harness import World


async def test_a_p0_nobody_acknowledges(either_world: World) -> None:
    world = either_world
    reply = await world.ana.types("/incident p0 checkout is down")
    print(reply.text)
    await world.forward(seconds=10)
    print(world.card().text)
    await world.forward(minutes=15)
    await world.forward(minutes=15)
    await world.forward(minutes=15)
    print(world.card().text)
    for l in world.card().thread: print('-', l)
    print([(n.tier, n.at, n.summary) for n in world.pages()])
    print(await world.waiting())
