"""What Prometheus says about error budgets, by the rules that are made of the guide, as people see it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.alert_policy import AlertRoute
from bot.domain.severity import Severity
from bot.domain.slo.rules import ALERT, BurnAlert, rule_groups
from bot.guide.load import load_guide
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld

BURNS = "🔥 Burns 15\N{MULTIPLICATION SIGN} too fast over 1 h · 43 % of the error budget left"


def the_rule(service: str, slo: str, window: str) -> BurnAlert:
    """The rule that is made of the shipped guide."""
    (found,) = [
        rule
        for group in rule_groups(load_guide(None))
        for rule in group.rules
        if isinstance(rule, BurnAlert)
        and (rule.labels["service"], rule.labels["slo"], rule.labels["window"]) == (service, slo, window)
    ]
    return found


async def burns(
    world: World, service: str, slo: str, window: str = "1h", *, burn: str = "15.2", budget: str = "43 %"
) -> None:
    """The alert of that rule fires, with what Prometheus has filled in."""
    rule = the_rule(service, slo, window)
    said = {name: text.replace(rule.annotations["burn"], burn) for name, text in rule.annotations.items()}
    await world.fires(ALERT, annotations={**said, "burn": burn, "budget": budget}, **rule.labels)
    await world.forward(seconds=3)


async def test_the_card_says_how_fast_it_burns_and_what_is_left_until_it_is_over(
    either_world: World,
) -> None:
    world = either_world
    await burns(world, "payment", "availability")
    card = world.alert_card()
    assert card.says("🔴 *Firing · P1 A1 · ErrorBudgetBurn*")
    assert card.says("Payment Service: availability burns its error budget 15.2 times as fast as it may")
    assert card.says(BURNS)
    assert card.says("Payment Service · Platform Team · 1 firing")
    assert card.says("severity=critical, slo=availability, window=1h")
    assert card.says("<http://grafana.suuupra.com/d/service-health|Dashboard>")
    assert not card.says("Not linked")
    await world.resolves(ALERT, service="payment")
    await world.forward(seconds=3)
    assert world.alert_card().says("✅ *Resolved · P1 A1 · ErrorBudgetBurn*")
    assert not world.alert_card().says("🔥")


async def test_by_the_shipped_guide_a_budget_pages_nobody(world: World) -> None:
    await burns(world, "payment", "availability")
    await world.forward(hours=5)
    assert world.paged() == []


async def test_a_route_pages_for_what_is_critical_and_leaves_the_tickets_alone(a_world: OpenWorld) -> None:
    route = AlertRoute(
        match=(("alertname", (ALERT,)), ("severity", ("critical",))),
        channel="platform-alerts",
        team="platform-team",
        severity=Severity.P1,
        page=True,
        escalates=True,
    )
    guide = a_staffed_guide()
    world = await a_world(guide=replace(guide, alerts=(route, *guide.alerts)))
    await burns(world, "content", "availability", "3d", burn="1.1", budget="61 %")
    assert world.paged() == []
    await burns(world, "payment", "availability")
    assert world.paged() == ["on-call"]
    assert "availability burns its error budget 15.2 times as fast as it may" in world.alerts()[0].title


async def test_the_budget_of_the_platform_has_a_card_without_a_service_of_the_guide(world: World) -> None:
    await burns(world, "platform", "availability", budget="-57 % (of 62 % of 30d)")
    card = world.alert_card()
    assert card.says("Platform: availability burns its error budget")
    assert card.says("error budget overdrawn by 57 % (of 62 % of 30d)")
    assert not card.says("not in the guide")


async def test_of_two_objectives_on_one_card_each_says_it_for_itself(world: World) -> None:
    await burns(world, "content", "availability")
    await burns(world, "content", "latency", "1d", burn="3.4", budget="61 %")
    card = world.alert_card()
    assert card.says("slo=availability, window=1h · since")
    assert card.says("· 🔥 burns 15\N{MULTIPLICATION SIGN}, 43 % left")
    assert card.says("· 🔥 burns 3.4\N{MULTIPLICATION SIGN}, 61 % left")
    assert not card.says("🔥 Burns")


async def test_the_sandbox_shows_it(world: World) -> None:
    world.alertmanager.fire("payment-availability-budget")
    await world.settle()
    await world.forward(seconds=3)
    assert world.alert_card().says(BURNS)
