from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change_policy import Webhook
from bot.domain.directory import Via
from bot.domain.guide import Guide, Mention, ReachKind
from bot.domain.severity import Severity
from tests.support.builders import ANA, LEE, a_directory, a_guide, an_alert_group, an_incident, with_mention


def with_level(tier: str, level: int) -> Guide:
    """The guide with a tier that is a level of the first tier's escalation policy."""
    guide = a_guide()
    changed = replace(guide.tiers[tier], reach=ReachKind.LEVEL, level=level)
    return replace(guide, tiers={**guide.tiers, tier: changed})


def in_slack_only(tier: str) -> Guide:
    guide = a_guide()
    return replace(guide, tiers={**guide.tiers, tier: replace(guide.tiers[tier], reach=ReachKind.SLACK)})


def test_a_severitys_path_is_what_the_guide_says() -> None:
    path = a_directory().path(Severity.P0)
    policy = a_guide().severities[Severity.P0]
    assert tuple(rung.tier for rung in path.rungs) == policy.path
    assert [rung.title for rung in path.rungs] == ["On-call Engineer", "Team Lead", "Director"]
    assert (path.response, path.pages, path.repeats) == (policy.response, policy.pages, policy.repeats)


@pytest.mark.parametrize("severity", [Severity.P0, Severity.P1, Severity.P2])
def test_a_paging_incidents_card_stands_in_the_ops_channel(severity: Severity) -> None:
    assert a_directory().channel(severity, "payment", security=False) == "platform-alerts"


def test_the_card_of_an_incident_that_pages_nobody_stands_in_the_owning_teams_channel() -> None:
    guide = a_guide()
    owned = replace(guide.services["payment"], team="security-team")
    directory = a_directory(replace(guide, services={**guide.services, "payment": owned}))
    channel = directory.channel(Severity.P3, "payment", security=False)
    assert channel == guide.teams["security-team"].channel


@pytest.mark.parametrize("severity", Severity)
def test_the_card_of_a_security_incident_stands_in_the_security_channel(severity: Severity) -> None:
    assert a_directory().channel(severity, "payment", security=True) == "security-incidents"


def test_a_service_is_owned_by_its_team() -> None:
    assert a_directory().team("payment").key == "platform-team"


@pytest.mark.parametrize("service", [None, "gone"])
def test_what_has_no_known_service_is_owned_by_the_default_team(service: str | None) -> None:
    assert a_directory().team(service).key == a_guide().defaults.team


def test_a_security_incident_is_owned_by_the_security_team() -> None:
    assert a_directory().team("payment", security=True).key == "security-team"


def test_a_tier_with_a_service_of_its_own_is_paged_by_its_own_routing_key() -> None:
    assert a_directory().via("team-lead") == Via(tier="team-lead", level=None)


def test_a_tier_without_a_routing_key_cannot_be_paged() -> None:
    assert a_directory(keys=["on-call"]).via("team-lead") is None


def test_a_tier_that_is_a_level_is_paged_by_the_first_tiers_routing_key() -> None:
    directory = a_directory(with_level("team-lead", 2), keys=["on-call"])
    assert directory.via("team-lead") == Via(tier="on-call", level=2)


def test_a_level_cannot_be_reached_without_the_first_tiers_routing_key() -> None:
    assert a_directory(with_level("team-lead", 2), keys=["team-lead"]).via("team-lead") is None


def test_a_level_cannot_be_reached_without_the_rest_interface() -> None:
    assert a_directory(with_level("team-lead", 2), can_look_up=False).via("team-lead") is None


def test_a_tier_in_slack_only_is_never_paged() -> None:
    assert a_directory(in_slack_only("team-lead")).via("team-lead") is None


def test_a_tier_that_the_guide_has_no_more_cannot_be_paged() -> None:
    assert a_directory(keys=["gone"]).via("gone") is None


def test_a_services_runbook_is_read_first() -> None:
    assert a_directory().runbook(an_incident(service="payment")).key == "payment-operations"


@pytest.mark.parametrize("service", [None, "gone", "content"])
def test_without_a_runbook_of_its_own_there_is_the_default_one(service: str | None) -> None:
    assert a_directory().runbook(an_incident(service=service)).key == "incident-response"


def test_a_security_incident_has_the_security_runbook() -> None:
    runbook = a_directory().runbook(an_incident(security=True))
    assert runbook.key == a_guide().defaults.security_runbook


def test_a_services_dashboards_are_looked_at_first() -> None:
    dashboards = a_directory().dashboards(an_incident(service="payment"))
    assert [board.key for board in dashboards] == ["service-health", "business-metrics"]


@pytest.mark.parametrize("service", [None, "gone"])
def test_without_a_known_service_there_are_the_default_dashboards(service: str | None) -> None:
    dashboards = a_directory().dashboards(an_incident(service=service))
    assert tuple(board.key for board in dashboards) == a_guide().defaults.dashboards


def test_a_service_is_shown_by_its_title() -> None:
    assert a_directory().service_title(an_incident(service="payment")) == "Payment Service"


def test_a_service_that_the_guide_has_no_more_is_shown_by_its_key() -> None:
    assert a_directory().service_title(an_incident(service="gone")) == "gone"


def test_an_incident_without_a_service_shows_none() -> None:
    assert a_directory().service_title(an_incident(service=None)) is None


def test_a_tiers_people_and_a_teams_groups_are_mentioned_together_once_each() -> None:
    guide = with_mention(a_guide(), "on-call", people=["U1"])
    guide = with_mention(guide, "team-lead", groups=["S1"], people=["U1", "U2"])
    team = replace(guide.teams["platform-team"], mention=Mention(groups=("S1", "S2")))
    mentions = a_directory(guide).mentions(["on-call", "team-lead", "gone"], team)
    assert mentions.who == Mention(groups=("S1", "S2"), people=("U1", "U2"))
    assert mentions.names == ("On-call Engineer", "Team Lead", "Platform Team")


def test_where_nobody_is_filled_in_the_names_still_stand() -> None:
    mentions = a_directory().mentions(["on-call"], None)
    assert not mentions.who
    assert mentions.names == ("On-call Engineer",)


def test_the_only_person_of_the_first_tier_is_known_to_be_on_call() -> None:
    directory = a_directory(with_mention(a_guide(), "on-call", people=[ANA.id]))
    assert directory.is_the_one_on_call(ANA)
    assert not directory.is_the_one_on_call(LEE)


@pytest.mark.parametrize(
    "guide",
    [
        a_guide(),
        with_mention(a_guide(), "on-call", people=[ANA.id, LEE.id]),
        with_mention(a_guide(), "on-call", groups=["S1"], people=[ANA.id]),
    ],
    ids=["nobody named", "two people", "a group beside the person"],
)
def test_nobody_is_known_to_be_on_call_where_it_could_be_somebody_else(guide: Guide) -> None:
    assert not a_directory(guide).is_the_one_on_call(ANA)


def test_an_alert_groups_route_says_whose_it_is() -> None:
    directory = a_directory()
    assert directory.team_of(an_alert_group(team="security-team")).key == "security-team"
    assert directory.team_of(an_alert_group(team="gone")) == directory.team("api-gateway")
    assert directory.team_of(an_incident(security=True)) == directory.team(None, security=True)


def test_a_service_is_rolled_back_by_its_webhook_where_there_is_a_secret_for_it() -> None:
    guide, hook = a_guide(), Webhook(key="deployer", url="https://deploy.example/rollback")
    hooked = replace(guide.services["payment"], rollback="deployer")
    guide = replace(
        guide,
        services={**guide.services, "payment": hooked},
        changes=replace(guide.changes, webhooks={"deployer": hook}),
    )
    without = a_directory(guide)
    assert without.rollback_hook("payment") is None
    assert without.why_by_hand("payment") == (
        "The webhook deployer is not asked: there is no secret that signs it."
    )
    known = replace(without, has_hook={"deployer"}.__contains__)
    assert known.rollback_hook("payment") == hook
    assert known.why_by_hand("payment") is None
    for other in ("identity", "unknown", None):
        assert known.rollback_hook(other) is None
        assert known.why_by_hand(other) is None
