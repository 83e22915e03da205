"""The Home tab: what waits for whoever opens it, and how things stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.checklist import Owner
from bot.domain.delivery import DeliveryKind, Recipient
from bot.domain.guide import Guide, Mention, Roles
from bot.services.homes import SEEN
from tests.support.harness import World, a_staffed_guide
from tests.support.homes import home, modal_of, opens_home, published, user_id
from tests.support.people import Person
from tests.support.worlds import OpenWorld

SECURITY = "security-incidents"
SECRET = "zebra"
LOOK = 10
"""Seconds between two looks."""


async def passes(world: World, *, looks: int = 1) -> None:
    """Time goes by in which the bot looks as often as it does."""
    for _ in range(looks):
        await world.forward(seconds=LOOK)
        await world.refreshes()


async def test_a_home_tab_in_which_nothing_waits_is_calm(world: World) -> None:
    page = await opens_home(world, world.ana)
    for words in (
        "Nothing waits for you.",
        "No incident is open.",
        "No alert waits to be acknowledged.",
        "Dashboards: <http://grafana.suuupra.com/d/platform-overview|Platform Overview> · ",
        "Updated ",
    ):
        assert page.says(words)
    assert page.labels == ["Declare incident", "Checklists", "SLOs", "Alerts"]
    assert await world.waiting() == 0


async def test_an_open_incident_is_there_with_who_is_paged_next(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.ana)
    assert page.says("1 open incident")
    assert page.says("|P0 #1>* · checkout is down")
    assert page.says("next: Team Lead is paged <!date^")
    assert page.says("Nothing waits for you.")
    card = world.card().message
    assert page.says(f"/archives/{card.channel}/p{card.ts.replace('.', '')}")


async def test_what_is_acknowledged_there_is_shown_at_once_and_everywhere(either_world: World) -> None:
    world = either_world
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.ana)
    await page.presses("Acknowledge")
    assert world.card().says("Acknowledged* by *ana*")
    after = home(world, world.ana)
    assert after.says("1 thing waits for you")
    assert after.says("you: Incident commander")
    assert "Acknowledge" not in after.labels
    await world.forward(hours=2)
    assert world.paged() == ["on-call"], "nobody else is woken"


async def test_who_comes_too_late_is_told_so_and_sees_what_is_true(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.ana)
    await world.lee.presses("Acknowledge")
    await page.presses("Acknowledge")
    assert "Nothing to do: P0 #1 was acknowledged by lee" in modal_of(world, world.ana)
    assert home(world, world.ana).says("lee has it")


async def test_something_happens_and_each_open_home_is_shown_anew_once(either_world: World) -> None:
    world = either_world
    await opens_home(world, world.ana)
    await opens_home(world, world.lee)
    await passes(world)
    before = published(world)
    for title in ("checkout is down", "search is slow", "mail is late"):
        await world.kim.types(f"/incident p1 {title}")
    assert published(world) == before, "nothing is shown before the look"
    await passes(world)
    assert published(world) == before + 2, "three changes are one edit for each of two"
    assert home(world, world.ana).says("3 open incidents")
    await passes(world, looks=3)
    assert published(world) == before + 2


async def test_a_card_that_stands_a_little_later_is_linked_then(world: World) -> None:
    world.slack.faults.add("down", "chat.postMessage")
    await world.kim.types("/incident p0 checkout is down")
    assert (await opens_home(world, world.ana)).says("*P0 #1* · checkout is down")
    await passes(world)
    world.slack.faults.clear()
    await world.forward(minutes=5)
    await passes(world)
    assert home(world, world.ana).says("|P0 #1>* · checkout is down")


async def test_what_nobody_sees_there_is_not_sent(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await opens_home(world, world.ana)
    await passes(world, looks=2)
    before = published(world)
    await world.kim.types("/incident note 1 it began with the deploy")
    await passes(world, looks=2)
    assert published(world) == before
    assert await world.waiting() == 0


async def test_two_people_see_what_is_theirs(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.presses("Acknowledge")
    await world.kim.types(f"/incident item 1 add rotate the keys <@{user_id(world, world.lee)}|lee> in 3d")
    ana, lee = await opens_home(world, world.ana), await opens_home(world, world.lee)
    assert ana.says("you: Incident commander")
    assert not ana.says("rotate the keys")
    assert lee.says("rotate the keys")
    assert lee.says("Action item 1 of P0 #1 · by Thu 19 Mar")
    assert not lee.says("19 Mar 2026")
    assert not lee.says("you: ")
    await lee.presses("Done")
    assert home(world, world.lee).says("Nothing waits for you.")
    assert world.card().thread[-1].startswith("Done, says lee: item 1")


async def test_a_guest_looks_and_does_nothing(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.gus)
    assert page.says("checkout is down")
    assert page.says("Guests look")
    assert page.labels == ["Checklists", "SLOs", "Alerts"]


async def test_who_has_become_a_guest_is_refused_what_an_old_tab_offers(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.ana)
    world.slack.workspace.find_user("ana").guest = True
    await world.bot.watch.refresh()
    await page.presses("Acknowledge")
    assert "Guests and people of other workspaces may look, but not acknowledge" in modal_of(world, world.ana)
    assert "Acknowledge" not in home(world, world.ana).labels
    assert world.card().says("Not acknowledged")


async def test_outsiders_see_of_a_security_incident_that_it_is_there(world: World) -> None:
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    await world.sam.types(f"/incident item 1 add revoke the {SECRET} key", channel=SECURITY)
    outside = await opens_home(world, world.lee)
    assert outside.says("Security incident 1, P0")
    assert outside.says("next: Team Lead is paged")
    assert SECRET not in str(outside.view.given)
    assert "archives" not in outside.text
    inside = await opens_home(world, world.sam)
    assert inside.says(f"{SECRET} token leaked"), "it is they who have said so"
    await outside.presses("Acknowledge")
    assert world.card().says("Acknowledged* by *lee*")
    assert SECRET not in str(home(world, world.lee).view.given), "taking it tells nothing of it"


async def test_the_security_team_reads_of_it_there(a_world: OpenWorld) -> None:
    guide = a_staffed_guide()
    guide = replace(guide, roles=Roles(security=Mention(people=("U0LEE0001",))))
    world = await a_world(guide=guide)
    await world.sam.types(f"/incident p0 {SECRET} token leaked", channel=SECURITY)
    assert (await opens_home(world, world.lee)).says(f"{SECRET} token leaked")
    assert SECRET not in str((await opens_home(world, world.ana)).view.given)


async def test_alerts_that_wait_are_counted_and_the_worst_named(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    page = await opens_home(world, world.ana)
    assert page.says("1 alert is not acknowledged")
    assert page.says("|A1> · HighErrorRate")
    await world.ana.presses("Acknowledge", card=world.alert_card())
    await passes(world)
    assert home(world, world.ana).says("No alert waits to be acknowledged.")


async def test_an_opening_that_is_told_twice_is_owed_once(world: World) -> None:
    first = await world.slack.home("ana")
    await world.settle()
    assert published(world) == 1
    await world.slack.redeliver(first)
    await world.settle()
    assert published(world) == 1
    await opens_home(world, world.ana)
    assert published(world) == 2, "each opening shows it anew"


async def test_a_press_that_is_told_twice_is_carried_out_once(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.ana)
    pressed = await page.presses("Acknowledge")
    await world.slack.redeliver(pressed)
    await world.settle()
    assert world.slack.views("ana") == [], "nothing was refused"
    assert [line for line in world.card().thread if line.startswith("Acknowledged")] == [
        world.card().thread[0]
    ]


async def test_the_other_tab_shows_nothing(world: World) -> None:
    await world.slack.home("ana", tab="messages")
    await world.settle()
    assert published(world) == 0


async def test_what_was_opened_while_slack_is_down_is_shown_once_it_is_back(world: World) -> None:
    world.slack.faults.add("down", "views.publish")
    await world.slack.home("ana")
    await world.settle()
    assert await world.waiting() == 1
    world.slack.faults.clear()
    await world.forward(minutes=1)
    assert home(world, world.ana).says("Nothing waits for you.")
    assert await world.waiting() == 0


async def test_slacks_rate_limit_is_kept_and_delays_nothing_else(world: World) -> None:
    world.slack.faults.add("ratelimited", "views.publish", retry_after=30, count=1)
    await world.slack.home("ana")
    await world.settle()
    await world.kim.types("/incident p0 checkout is down")
    assert world.card().says("checkout is down"), "cards go on"
    await world.forward(seconds=29)
    assert world.slack.calls.counts["views.publish"] == 1
    await world.forward(seconds=5)
    assert home(world, world.ana).says("checkout is down")


async def test_somebody_whom_slack_does_not_know_any_more_is_forgotten(world: World) -> None:
    await opens_home(world, world.lee)
    world.slack.workspace.find_user("lee").deleted = True
    await world.kim.types("/incident p0 checkout is down")
    await passes(world)
    assert await world.waiting() == 0
    before = published(world)
    await world.kim.types("/incident p1 mail is late")
    await passes(world)
    assert published(world) == before, "nothing is owed them any more"


async def test_a_home_that_was_opened_long_ago_is_left_alone(world: World) -> None:
    await opens_home(world, world.ana)
    await world.forward(minutes=61)
    before = published(world)
    await world.kim.types("/incident p0 checkout is down")
    await passes(world, looks=2)
    assert published(world) == before


async def test_a_restart_keeps_who_looks_and_what_is_owed(either_world: World) -> None:
    world = either_world
    await opens_home(world, world.ana)
    await world.stop()
    await world.start()
    await world.kim.types("/incident p0 checkout is down")
    await passes(world)
    assert home(world, world.ana).says("checkout is down")


async def test_a_bot_that_dies_between_the_commit_and_the_sending_shows_it_after_all(world: World) -> None:
    world.slack.faults.add("cut", "views.publish", count=1)
    await world.slack.home("ana")
    await world.outage(seconds=20)
    await world.forward(seconds=30)
    assert home(world, world.ana).says("Nothing waits for you.")


async def test_a_hundred_people_and_a_storm_stay_within_the_rate(world: World) -> None:
    people = list(hundred(world))
    for person in people:
        await world.slack.home(person.name)
    await world.settle()
    begun = world.clock.now()
    for number in range(6):
        await world.kim.types(f"/incident p2 part {number} fails")
        await passes(world)
    await world.forward(seconds=70)
    minutes = (world.clock.now() - begun) / timedelta(minutes=1)
    assert all(home(world, person).says("6 open incidents") for person in people)
    assert published(world) <= 90 * minutes + 10 + 1
    assert world.slack.calls.errors["views.publish"] == 0, "Slack's own limit was never reached"


async def test_homes_that_are_slow_to_show_keep_no_card_waiting(world: World) -> None:
    for person in hundred(world):
        await world.slack.home(person.name)
    await world.slack.command("kim", "platform-alerts", "/incident", "p0 checkout is down")
    await world.bot.outbox[Recipient.CHAT].drain()
    assert published(world) == 0, "what sends cards sends no Home tab, which waits for Prometheus and Slack"
    assert world.card().says("checkout is down")
    await world.settle()
    assert published(world) > 0


async def in_the_morning(world: World) -> None:
    """The next morning's daily reviews are posted."""
    await world.prompts()
    await world.forward_to(datetime(2026, 3, 17, 13, 15, tzinfo=UTC))
    await world.prompts()
    await world.forward(seconds=LOOK)


async def test_an_item_of_ones_own_is_checked_off_there(either_world: World) -> None:
    world = either_world
    await in_the_morning(world)
    page = await opens_home(world, world.ana)
    assert page.says("|Health Check C1>* · due "), "Ana is on call, so it is hers"
    assert page.says("☐ 1. ")
    assert page.says("|Health Check>* C1 · 0 of ")
    before = page.text.count("☐ 1. ")
    await page.presses("Done")
    page = home(world, world.ana)
    assert page.says("|Health Check C1>* · due ")
    assert page.text.count("☐ 1. ") == before - 1
    assert page.says("|Health Check>* C1 · 1 of ")
    assert world.run_card("Health Check").says("1 of ")
    assert (await opens_home(world, world.lee)).says("Nothing waits for you.")


async def test_whose_the_security_teams_review_is_outsiders_do_not_read(world: World) -> None:
    await world.sam.types("/checklist run security-review", channel=SECURITY)
    sam = f"<@{user_id(world, world.sam)}|sam>"
    await world.sam.types(f"/checklist give {sam}", channel=SECURITY)
    outside = await opens_home(world, world.lee)
    assert outside.says("|Security Review>* C1 · 0 of 3 done"), "its title is the guide's"
    assert not outside.says("sam")
    assert (await opens_home(world, world.sam)).says("|Security Review C1>* · due "), "it is theirs to do"


async def test_a_review_that_nobody_has_is_taken_there(a_world: OpenWorld) -> None:
    world = await a_world(guide=with_reviews_for_anybody())
    await in_the_morning(world)
    page = await opens_home(world, world.lee)
    assert page.says("Nothing waits for you.")
    await page.presses("Take it")
    assert home(world, world.lee).says("|Health Check C1>* · due ")
    assert world.run_card("Health Check").says("lee")
    await page.presses("Take it")
    assert "you have items 1, 2, 3" in modal_of(world, world.lee), "the tab of before offers what is taken"


async def test_two_who_check_the_same_item_off_there(world: World) -> None:
    await in_the_morning(world)
    first = await opens_home(world, world.ana)
    await first.presses("Done")
    await first.presses("Done")
    assert "You have done item 1 of C1 already, " in modal_of(world, world.ana)


async def test_a_problem_that_a_review_has_found_stands_there_until_it_is_solved(world: World) -> None:
    await in_the_morning(world)
    await opens_home(world, world.lee)
    await opens_home(world, world.ana)
    await world.ana.types("/checklist problem C1 2 the disk of node-3 is full")
    await passes(world)
    assert home(world, world.lee).says("1 problem is open")
    assert home(world, world.lee).text.count("the disk of node-3 is full") == 1
    assert home(world, world.ana).text.count("the disk of node-3 is full") == 2, "it waits for who found it"
    await world.ana.types("/checklist solved C1 2 cleaned")
    await passes(world)
    assert not home(world, world.lee).says("problem is open")


async def test_the_window_of_checklists_lists_todays(world: World) -> None:
    await in_the_morning(world)
    page = await opens_home(world, world.gus)
    assert "Take it" not in page.labels
    assert "Done" not in page.labels
    await page.presses("Checklists")
    assert "Health Check" in modal_of(world, world.gus)


async def test_what_is_still_to_come_today_is_told(world: World) -> None:
    await world.forward_to(datetime(2026, 3, 17, 12, 0, tzinfo=UTC))
    assert (await opens_home(world, world.ana)).says("> Health Check · daily")


async def test_the_window_of_alerts_lists_them(world: World) -> None:
    await world.fires("HighErrorRate", service="payment", severity="critical")
    page = await opens_home(world, world.ana)
    await page.presses("Alerts")
    assert "HighErrorRate" in modal_of(world, world.ana)


async def test_an_incident_is_declared_from_there(world: World) -> None:
    page = await opens_home(world, world.ana)
    await page.presses("Declare incident")
    await world.ana.sends(severity="P1", title="mail is late")
    assert world.card().says("mail is late")


async def test_what_was_promised_is_there_in_words(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    page = await opens_home(world, world.ana)
    while not page.says("*Payment Service* · "):  # a busy machine may take longer than a glance waits
        assert page.says("Prometheus has not answered yet.")
        await world.forward(minutes=1)
        page = await opens_home(world, world.ana)
    assert page.says("Error budgets")
    order = [
        page.text.index(f"*{title}* · OK") for title in ("Platform", "Payment Service", "Identity Service")
    ]
    assert order == sorted(order), "as in /slo: of services that stand alike the one with less left first"
    await page.presses("SLOs")
    assert "Error budgets" in modal_of(world, world.ana)


async def test_where_prometheus_does_not_answer_the_rest_is_there(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True)
    world.prometheus.faults.add("down")
    await world.kim.types("/incident p0 checkout is down")
    page = await opens_home(world, world.ana)
    assert page.says("checkout is down")
    assert page.says("*There are no numbers.* The connection to Prometheus broke")


async def test_a_drill_is_marked_as_one(world: World) -> None:
    await world.kim.types("/incident drill p0 checkout is down")
    assert (await opens_home(world, world.ana)).says("|TEST P0 #1>* · checkout is down")


async def test_what_nobody_has_opened_for_a_month_is_forgotten(world: World) -> None:
    await opens_home(world, world.ana)
    world.clock.advance(timedelta(days=29))
    await world.bot.cleaning.clean()
    ana = user_id(world, world.ana)
    assert await world.bot.store.read(lambda tx: tx.homes.one(ana)) is not None
    world.clock.advance(timedelta(days=2))
    await world.bot.cleaning.clean()
    assert await world.bot.store.read(lambda tx: tx.homes.one(ana)) is None


async def test_two_replicas_owe_once(world: World) -> None:
    await opens_home(world, world.ana)
    await world.kim.types("/incident p0 checkout is down")
    seen = await world.bot.store.read(lambda tx: tx.facts.get(SEEN))
    await world.refreshes()
    assert await world.bot.store.read(lambda tx: tx.facts.get(SEEN)) != seen
    before = published(world)
    await world.refreshes()
    assert published(world) == before
    backlog = await world.bot.store.read(lambda tx: tx.outbox.backlog())
    assert DeliveryKind.HOME not in {kind for kind, _, _ in backlog}


def with_reviews_for_anybody() -> Guide:
    """A guide whose reviews are whoever's who takes them."""
    guide = a_staffed_guide()
    checklists = {key: replace(one, owner=Owner()) for key, one in guide.checklists.items()}
    return replace(guide, checklists=checklists)


def hundred(world: World) -> Iterable[Person]:
    """A hundred people who are new in the workspace."""
    known = world.slack.workspace.find_user("kim")
    for number in range(100):
        name = f"p{number}"
        world.slack.workspace.users[f"U1P{number:06}"] = replace(known, id=f"U1P{number:06}", name=name)
        yield Person(world, name)
