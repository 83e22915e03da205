"""A review is posted with what its items look at; what cannot be seen never holds it up."""

from __future__ import annotations

from datetime import timedelta

from bot.app.checklists import PROMPTS
from bot.domain.checklists.run import Run
from bot.domain.delivery import Recipient
from bot.domain.evidence import EvidenceSpec, Sign, Source, Threshold, Unit
from tests.support.harness import World
from tests.support.people import Card
from tests.support.reviewed import QUARTER_PAST_NINE, a_query, comes_to_review, looks_at
from tests.support.worlds import OpenWorld

RATES = a_query("Requests a second", "sum by (service) (rate(http_requests_total[5m]))", unit=Unit.PER_SECOND)
FAILED = a_query(
    "Failed requests",
    'sum by (service) (rate(http_requests_total{status=~"5.."}[30m]))'
    " / sum by (service) (rate(http_requests_total[30m]))",
    unit=Unit.RATIO,
    fine=Threshold(sign=Sign.BELOW, bound=0.05),
)
NOTHING = a_query("Nothing", "no_such_metric", fine=Threshold(sign=Sign.EQUAL, bound=0))
OTHERS = (
    EvidenceSpec(title="Promises", source=Source.SLO, of="all"),
    EvidenceSpec(title="Alerts", source=Source.ALERTS, of="unacknowledged"),
    EvidenceSpec(title="Incidents", source=Source.INCIDENTS, of="open"),
    EvidenceSpec(title="Changes", source=Source.CHANGES, of="ahead"),
    EvidenceSpec(title="Grafana", source=Source.LINK, of="https://grafana.example.com/d/health"),
)
GUIDE = looks_at((RATES, FAILED), (NOTHING,), OTHERS)


async def the_run(world: World) -> Run:
    [run] = await world.bot.store.read(lambda tx: tx.runs.open())
    return run


def line(card: Card, title: str) -> str:
    """What the card's blocks say of one thing that was looked at."""
    text = card.text.replace("\n      – ", " ")  # noqa: RUF001 - what stands below it, too
    return next(one for one in text.splitlines()[1:] if f"{title}: " in one)


async def test_it_is_posted_with_what_is_and_what_was_a_week_ago(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    world.prometheus.set_service("payment", error_ratio=0.3)
    await comes_to_review(world)
    [card] = world.run_cards()
    assert world.clock.now() == QUARTER_PAST_NINE, "it did not wait for more"
    rates, failed = line(card, "Requests a second"), line(card, "Failed requests")
    assert rates.startswith("• Requests a second: api-gateway ")
    assert "/s (a week ago " in rates
    assert rates.index("api-gateway") < rates.index("content") < rates.index("identity")
    assert failed.startswith("🟠 *Not fine* · Failed requests: *payment 30")
    assert failed.endswith(" · should be &lt; 5 %")
    assert line(card, "Nothing") == "⚪ *Not known* · Nothing: no data · should be = 0"
    assert line(card, "Changes").startswith("• Changes: Standard Change: Tue 17 Mar 14:00 to 16:00")
    assert line(card, "Alerts") == "🟢 Alerts: none · fine"
    assert line(card, "Incidents") == "🟢 Incidents: none · fine"
    assert "Payment Service: " in line(card, "Promises")
    assert card.says("grafana.example.com/d/health")
    assert "1 value is not fine" in card.content.text or "values are not fine" in card.content.text
    assert await world.waiting() == 0


async def test_with_prometheus_away_it_is_posted_in_time_all_the_same(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    world.prometheus.faults.add("down", "*")
    await comes_to_review(world)
    [card] = world.run_cards()
    assert world.clock.now() == QUARTER_PAST_NINE
    for title in ("Requests a second", "Failed requests"):
        assert line(card, title).startswith(f"⚪ *Not known* · {title}: The connection to Prometheus ")
    assert card.says("⚪ *4 not known*")
    assert not card.says("all fine")
    assert line(card, "Alerts") == "🟢 Alerts: none · fine", "what the bot knows itself is there"
    assert await world.waiting() == 0


async def test_what_takes_long_comes_after_the_card(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    await world.prompts()
    await world.forward_to(QUARTER_PAST_NINE)
    [look] = [job.do for job in world.bot.jobs if job.name == PROMPTS]
    await look()
    world.clock.advance(timedelta(seconds=8))
    await world.bot.outbox[Recipient.CHAT].drain()  # nobody has looked yet
    [card] = world.run_cards()
    assert "Requests a second: " not in card.text
    await world.forward(seconds=1)
    [edited] = world.run_cards()
    assert edited.message.ts == card.message.ts
    assert "api-gateway" in line(edited, "Requests a second")


async def test_without_prometheus_it_says_what_to_set(a_world: OpenWorld) -> None:
    world = await a_world(guide=GUIDE)
    await comes_to_review(world)
    [card] = world.run_cards()
    for title in ("Requests a second", "Promises"):
        assert "Prometheus is not configured: set PROMETHEUS_URL." in line(card, title)


async def test_a_bot_that_dies_before_it_has_looked_looks_when_it_is_back(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    await world.prompts()
    await world.forward_to(QUARTER_PAST_NINE)
    [look] = [job.do for job in world.bot.jobs if job.name == PROMPTS]
    await look()
    await world.stop()
    world.clock.advance(timedelta(minutes=2))
    await world.start()
    await world.forward(seconds=1)
    [card] = world.run_cards()
    assert "api-gateway" in line(card, "Requests a second")


async def test_it_is_looked_at_again_when_somebody_wants_it(a_world: OpenWorld) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    world.prometheus.faults.add("down", "*")
    await comes_to_review(world)
    world.prometheus.faults.clear()
    world.prometheus.set_service("payment", error_ratio=0.3)
    await world.forward(minutes=30)
    failed = line(world.run_card("Health Check"), "Failed requests")
    assert "Prometheus " in failed, "it asks by itself no more"
    await world.ana.presses("Refresh evidence", card=world.run_card("Health Check"))
    await world.forward(seconds=5)
    assert "payment 3" in line(world.run_card("Health Check"), "Failed requests")
    run = await the_run(world)
    assert run.evidence_at is not None
    assert world.clock.now() - run.evidence_at < timedelta(seconds=30)


async def test_what_somebody_saw_who_checked_it_off_stays_whatever_is_looked_at_later(
    a_world: OpenWorld,
) -> None:
    world = await a_world(prometheus=True, guide=GUIDE)
    world.prometheus.set_service("payment", error_ratio=0.3)
    await comes_to_review(world)
    await world.ana.types("/checklist done C1 1")
    before = (await the_run(world)).item(1).found
    assert "🟠 was not fine" in world.run_card("Health Check").text
    world.prometheus.set_service("payment", error_ratio=0)
    await world.forward(minutes=45)
    await world.ana.presses("Refresh evidence", card=world.run_card("Health Check"))
    await world.forward(seconds=5)
    run = await the_run(world)
    assert run.item(1).found == before
    assert run.item(2).found[0].at > before[0].at
    assert "🟠 was not fine" in world.run_card("Health Check").text


async def test_what_waits_is_told_and_of_security_only_the_number(a_world: OpenWorld) -> None:
    world = await a_world(guide=GUIDE)
    await world.kim.types("/incident p2 checkout is slow")
    await world.sam.types("/incident p0 token leaked", channel="security-incidents")
    await world.fires("DiskFull", severity="warning", service="payment")
    await comes_to_review(world)
    card = world.run_card("Health Check")
    assert "P2 #1 checkout is slow, nobody has taken it, for " in line(card, "Incidents")
    assert "1 security incident" in line(card, "Incidents")
    assert "leaked" not in card.text
    assert "DiskFull, for " in line(card, "Alerts")


async def test_it_holds_on_both_databases(a_world: OpenWorld, database_url: str) -> None:
    world = await a_world(prometheus=True, guide=GUIDE, database_url=database_url)
    await comes_to_review(world)
    assert "api-gateway" in line(world.run_card("Health Check"), "Requests a second")
    run = await the_run(world)
    assert [len(item.found) for item in run.items] == [2, 1, 5]
