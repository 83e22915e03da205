"""`/runbook`: found by name, service, tag or words, and read in Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from bot.sandbox.slack.delivery import Reply
from tests.support.harness import World, a_staffed_guide
from tests.support.people import readable
from tests.support.runbooks import at_address, with_runbooks
from tests.support.slack import serving
from tests.support.worlds import OpenWorld


def told(reply: Reply) -> str:
    """What a command answers at once."""
    assert reply.message is not None
    return readable(reply.message.content)


async def test_all_runbooks_are_listed_by_the_guides_sections(world: World) -> None:
    text = told(await world.kim.types("/runbook"))
    for words in (
        "*Service-Specific Operations*",
        "Payment Service Operations  `payment-operations`",
        "*Infrastructure Operations*",
        "*Emergency Procedures*",
        "Disaster Recovery  `disaster-recovery`",
        "set `runbooks.base` or `runbooks.folder`",
    ):
        assert words in text


async def test_the_best_that_fits_is_shown_with_its_steps(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    reply = await world.kim.types("/runbook payment")
    assert reply.message is None, "it is read after the acknowledgement"
    [shown] = world.kim.sees
    for words in (
        "Payment Service Operations, 9 steps",
        "Money is involved: never run a payment again by hand",
        "*See how bad it is*",
        "1. Open the Service Health (https://grafana.suuupra.com/d/service-health) dashboard",
        "```\nkubectl -n payment get pods -l app=payment -o wide\nkubectl -n payment top pods",
        "• everything green there: it is ours, go on with step 4",
        "*Mend it*",
        "9. Put the route back to `primary`",
        "payment-operations.md",
    ):
        assert words in shown, words


async def test_it_is_found_by_title_service_tag_and_by_what_it_says(a_world: OpenWorld) -> None:
    guide = with_runbooks()
    tagged = replace(guide.runbooks["database-operations"], tags=("postgres", "failover"))
    world = await a_world(guide=replace(guide, runbooks={**guide.runbooks, tagged.key: tagged}))
    for words, title in (
        ("Disaster Recovery", "Disaster Recovery"),
        ("api gateway", "API Gateway Operations"),
        ("payment service", "Payment Service Operations"),
        ("post", "Database Operations"),
        ("jwks", "Identity Service Operations"),
        ("quarantine deny", "Security Incident Response"),
    ):
        await world.kim.types(f"/runbook {words}")
        assert world.kim.sees[-1].startswith(f"{title}, "), (words, world.kim.sees[-1][:80])


async def test_others_that_fit_are_named_and_one_press_away(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.kim.types("/runbook security")
    assert world.kim.sees[-1].startswith("Security Operations, ")
    assert "Others that fit: Security Incident Response" in world.kim.sees[-1]
    [answer] = world.slack.ephemerals("kim")
    [row] = [block for block in answer.content.blocks if block["type"] == "actions"]
    button = row["elements"][0]
    await world.slack.click("kim", answer.channel, answer.ts, button["action_id"], button["value"])
    await world.settle()
    assert world.kim.sees[-1].startswith("Security Incident Response, ")


async def test_a_search_names_all_that_hold_the_words_the_best_first(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.kim.types("/runbook search failover")
    [shown] = world.kim.sees
    assert shown.startswith("2 runbooks for “failover”")
    assert shown.index("Identity Service Operations") < shown.index("Database Operations")
    assert "its text" in shown


async def test_an_unknown_name_is_answered_with_the_nearest(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.kim.types("/runbook paymnet operatoins")
    [shown] = world.kim.sees
    assert "No runbook is called “paymnet operatoins”" in shown
    [answer] = world.slack.ephemerals("kim")
    [row] = [block for block in answer.content.blocks if block["type"] == "actions"]
    assert row["elements"][0]["text"]["text"] == "Payment Service Operations"


async def test_bad_input_says_what_is_right_and_gives_back_what_was_typed(world: World) -> None:
    assert "Which one? `/runbook show incident-response`" in told(await world.kim.types("/runbook show"))
    searched = told(await world.kim.types("/runbook search "))
    assert "Search for what?" in searched
    assert "You typed: `/runbook search" in searched
    assert "/runbook search failover replica" in told(await world.kim.types("/runbook help"))


async def test_mentions_and_direct_messages_speak_the_same(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.kim.mentions("runbook show dns")
    assert "No runbook is called “dns”" in world.kim.sees[-1]
    await world.kim.mentions("runbook show kubernetes")
    assert world.kim.sees[-1].startswith("Kubernetes Operations, 6 steps")
    alone = world.slack.workspace.direct(world.slack.workspace.find_user("kim").id)
    world.slack.say("kim", alone.id, "runbook incident response")
    await world.settle()
    assert list(alone.messages.values())[-1].text.startswith("Incident Response, 10 steps")


async def test_guests_may_read(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.gus.types("/runbook show incident-response")
    assert world.gus.sees[-1].startswith("Incident Response, 10 steps")


async def test_what_a_hostile_file_says_is_inert(a_world: OpenWorld, tmp_path: Path) -> None:
    (tmp_path / "incident-response.md").write_text(
        "# <!channel>\n\n1. <!here> <@U0ANA0001> [click](javascript:alert) *bold* &lt;\n"
        "   ```\n   ` ``` <!channel>\n   ```\n",
        encoding="utf-8",
    )
    world = await a_world(guide=with_runbooks(folder=tmp_path))
    await world.kim.types("/runbook show incident-response")
    [answer] = world.slack.ephemerals("kim")
    shown = readable(answer.content)
    assert "<!" not in shown
    assert "<@" not in shown
    assert "javascript" not in shown


async def test_a_file_that_is_missing_is_said_so_and_named_as_not_searched(
    a_world: OpenWorld, tmp_path: Path
) -> None:
    (tmp_path / "payment-operations.md").symlink_to("/etc/passwd")
    world = await a_world(guide=with_runbooks(folder=tmp_path))
    await world.kim.types("/runbook show incident-response")
    assert "It cannot be read: incident-response.md is not in the runbooks' folder." in world.kim.sees[-1]
    await world.kim.types("/runbook show payment")
    assert "payment-operations.md is no file within the runbooks' folder." in world.kim.sees[-1]
    await world.kim.types("/runbook search root")
    assert "Not looked into, as they could not be read: API Gateway Operations" in world.kim.sees[-1]


class Server:
    """Where runbooks are served; it may hang, or be gone."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.hangs = False
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.hangs:
            await asyncio.Event().wait()
        return web.Response(text="# Here\n\n1. Look\n2. Mend\n", status=self.status)


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Server, str]]:
    """A server of runbooks, and its address."""
    server, app = Server(), web.Application()
    app.router.add_get("/books/{name}", server.answer)
    async with serving(app) as url:
        yield server, f"{url}/books"


async def test_runbooks_at_an_address_are_fetched_once_in_a_while_and_linked(a_world: OpenWorld) -> None:
    async with served() as (server, url):
        world = await a_world(guide=at_address(url))
        for _ in range(2):
            await world.kim.types("/runbook payment")
            assert "1. Look\n2. Mend" in world.kim.sees[-1]
            assert f"<{url}/payment-operations.md|The whole document>" in world.kim.sees[-1]
        assert server.asked == ["/books/payment-operations.md"]
        await world.forward(minutes=6)
        await world.kim.types("/runbook payment")
        assert len(server.asked) == 2
        await world.stop()


async def test_what_cannot_be_read_anew_is_shown_with_its_age(a_world: OpenWorld) -> None:
    async with served() as (server, url):
        world = await a_world(guide=at_address(url))
        await world.kim.types("/runbook payment")
        server.status = 503
        await world.forward(minutes=20)
        await world.kim.types("/runbook payment")
        assert "1. Look\n2. Mend" in world.kim.sees[-1]
        assert "read 20 min ago: it cannot be read anew" in world.kim.sees[-1]
        await world.kim.types("/runbook show incident-response")
        assert "incident-response.md cannot be given now (HTTP 503)" in world.kim.sees[-1]
        await world.stop()


async def test_a_redelivered_command_is_answered_once(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks(a_staffed_guide()))
    reply = await world.kim.types("/runbook payment")
    await world.slack.redeliver(reply)
    await world.settle()
    assert len(world.kim.sees) == 1


async def test_in_an_alerts_thread_its_own_is_meant(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.fires("HighErrorRate", service="payment", severity="warning", team="platform-team")
    await world.kim.mentions("runbook", thread=world.alert_card())
    assert world.kim.sees[-1].startswith("Payment Service Operations, 9 steps")


async def test_in_a_reviews_thread_its_own_is_meant(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_runbooks())
    await world.kim.types("/checklist run dr-testing")
    await world.forward(minutes=1)
    await world.kim.mentions("runbook", thread=world.run_card("DR"))
    assert world.kim.sees[-1].startswith("Disaster Recovery, 8 steps")
