"""Silences that are real: wanted in Slack, held by Alertmanager, seen wherever they were made or ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.alert import AlertState, SilenceState
from bot.domain.delivery import Recipient
from bot.domain.errors import DomainError
from bot.domain.silencing import SilenceFor
from bot.sandbox.alertmanager.matchers import Matcher
from bot.sandbox.alertmanager.silences import Silence as RemoteSilence
from bot.sandbox.alertmanager.times import HOUR as NANO_HOUR
from bot.sandbox.alertmanager.webhook import Webhook
from bot.services.requests import Ref, Request
from tests.support.alert_news import groups_of
from tests.support.harness import World
from tests.support.silencing import ANA, HOUR, group, remote, rows, silences, states, unsilences, use_cases
from tests.support.worlds import OpenWorld

FOUR_HOURS = SilenceFor(length=timedelta(hours=4))


async def fires(world: World, service: str = "payment", instance: str = "a") -> str:
    return await world.fires("HighErrorRate", service=service, severity="critical", instance=instance)


# On the card


async def test_pressed_on_the_card_it_is_silenced_and_the_card_says_until_when_and_by_whom(
    world: World,
) -> None:
    await fires(world)
    card = world.alert_card()

    await world.ana.presses("Silence 1 h", card=card)

    assert states(world) == ["active"]
    assert (remote(world)[0].ends_at - world.alertmanager.now()) == NANO_HOUR
    shown = world.alert_card()
    assert shown.says("🔕 *Silenced")
    assert shown.says("Silenced: P1 A1 HighErrorRate")
    assert shown.says("by ana until 13:00 EDT")
    assert shown.labels[0] == "End silence"

    await world.ana.presses("Silence 4 h", card=shown)
    assert world.alert_card().says("until 16:00")
    await world.lee.presses("End silence", card=world.alert_card())
    assert "active" not in states(world)
    assert world.alert_card().says("🔴 *Firing")
    assert not world.lee.sees


async def test_until_it_is_there_the_card_says_that_it_is_not(world: World) -> None:
    await fires(world)
    world.alertmanager.faults.add("down")

    await world.ana.presses("Silence 1 d", card=world.alert_card())
    await world.forward(minutes=1)

    assert world.alert_card().says("Alertmanager has not taken the silence yet")
    world.alertmanager.faults.clear()
    await world.forward(minutes=1)
    assert not world.alert_card().says("has not taken")


async def test_until_the_next_business_day_is_a_choice(world: World) -> None:
    await fires(world)

    await world.ana.presses("Silence until the next business day", card=world.alert_card())

    assert world.alert_card().says("until 2026-03-17 09:00 EDT")


async def test_a_guest_may_not_silence(world: World) -> None:
    await fires(world)

    await world.gus.presses("Silence 1 h", card=world.alert_card())

    assert not remote(world)
    assert "may look, but not silence an alert" in world.gus.sees[-1]


async def test_where_silences_are_off_the_one_who_presses_is_told_what_to_set(a_world: OpenWorld) -> None:
    world = await a_world(alertmanager=False)
    await fires(world)

    await world.ana.presses("Silence 1 h", card=world.alert_card())

    assert "ALERTMANAGER_URL" in world.ana.sees[-1]
    assert world.alert_card().says("🔴 *Firing")


# Wishes


async def test_a_silence_is_made_in_alertmanager_and_said_on_the_card(either_world: World) -> None:
    world = either_world
    await fires(world)

    answer = await silences(world, comment="deploying")

    assert answer.text == "A1 is silenced until Mon 13:00 EDT."
    [made] = remote(world)
    assert (made.created_by, states(world)) == ("Ana", ["active"])
    assert made.comment.startswith("deploying [opsbot ")
    assert {(one.name, one.value, one.is_regex) for one in made.matchers} == {
        ("alertname", "HighErrorRate", False),
        ("service", "payment", False),
    }
    assert (await group(world)).state is AlertState.SILENCED
    assert world.alert_card().says("🔕")
    assert any("Silenced by Ana for 1 h: deploying" in line for line in world.alert_card().thread)


async def test_nobody_is_paged_while_it_is_silenced(world: World) -> None:
    await fires(world)
    paged = len(world.pages())
    await silences(world)

    await world.forward(minutes=59)

    assert len(world.pages()) == paged


async def test_at_its_end_what_still_fires_begins_again(world: World) -> None:
    await fires(world)
    before = await group(world)
    paged = len(world.pages())
    await silences(world)

    await world.forward(minutes=61)

    now = await group(world)
    assert (now.state, now.epoch) == (AlertState.FIRING, before.epoch + 1)
    assert len(world.pages()) > paged or not paged
    assert (await rows(world))[0].state is SilenceState.OVER
    assert any("The silence has run out. It still fires." in line for line in world.alert_card().thread)


async def test_at_its_end_what_is_gone_is_resolved(world: World) -> None:
    await fires(world)
    await silences(world)
    await world.forward(minutes=30)
    await world.resolves("HighErrorRate")
    assert (await group(world)).state is AlertState.SILENCED, "Alertmanager tells nothing of what is silenced"

    await world.forward(minutes=31)

    assert (await group(world)).state is AlertState.RESOLVED


async def test_a_longer_silence_takes_the_place_of_the_one_before(world: World) -> None:
    await fires(world)
    await silences(world)
    await world.forward(minutes=30)

    await silences(world, FOUR_HOURS)

    assert states(world) == ["active", "expired"]
    assert (await group(world)).silenced_until == world.clock.now() + timedelta(hours=4)
    await world.forward(hours=3)
    assert (await group(world)).state is AlertState.SILENCED
    await world.forward(minutes=61)
    assert (await group(world)).state is AlertState.FIRING


async def test_one_that_is_not_longer_is_refused(world: World) -> None:
    await fires(world)
    await silences(world, FOUR_HOURS)

    with pytest.raises(DomainError, match="is silenced until Mon 16:00 EDT by Ana already"):
        await silences(world)


async def test_unsilenced_it_is_heard_again_at_once(world: World) -> None:
    await fires(world)
    before = await group(world)
    await silences(world)

    answer = await unsilences(world)

    assert answer.text == "A1 is not silenced any more."
    assert states(world) == ["expired"]
    now = await group(world)
    assert (now.state, now.epoch) == (AlertState.FIRING, before.epoch + 1)
    with pytest.raises(DomainError, match="A1 is not silenced"):
        await unsilences(world)


async def test_until_the_next_business_day_is_until_it_opens(world: World) -> None:
    await fires(world)

    answer = await silences(world, SilenceFor())

    assert answer.text == "A1 is silenced until Tue 09:00 EDT."


async def test_what_is_resolved_cannot_be_silenced(world: World) -> None:
    await fires(world)
    await world.resolves("HighErrorRate")

    with pytest.raises(DomainError, match="There is nothing to silence: A1 is resolved"):
        await silences(world)


@pytest.mark.parametrize("length", [timedelta(seconds=10), timedelta(days=31)])
async def test_a_length_that_makes_no_sense_is_refused(world: World, length: timedelta) -> None:
    await fires(world)

    with pytest.raises(DomainError, match="A silence lasts from 1 min to 30 d"):
        await silences(world, SilenceFor(length=length))


async def test_without_an_address_silences_are_off_and_say_so(a_world: OpenWorld) -> None:
    world = await a_world(alertmanager=False)
    await fires(world)

    with pytest.raises(DomainError, match="set ALERTMANAGER_URL"):
        await silences(world)
    assert (await group(world)).state is AlertState.FIRING
    assert not remote(world)


async def test_of_a_security_alert_alertmanager_learns_neither_author_nor_reason(world: World) -> None:
    await world.fires("SuspiciousLogin", service="identity", team="security-team")
    assert (await group(world)).security

    await silences(world, comment="zebra")

    [made] = remote(world)
    assert made.created_by == "opsbot"
    assert made.comment.startswith("Security alert A1 [opsbot ")


async def test_values_with_quotes_and_any_letters_are_matched_exactly(world: World) -> None:
    odd = 'a "b" \\ ümläut 😀'
    await fires(world, service=odd)
    await fires(world, service="a")

    await silences(world)

    assert (await group(world)).state is AlertState.SILENCED
    await world.looks()
    assert (await group(world, 2)).state is AlertState.FIRING


# Trouble


async def test_an_alertmanager_that_is_away_is_told_of_once_and_taken_back(world: World) -> None:
    await fires(world)
    world.alertmanager.faults.add("down")

    await silences(world)
    await world.forward(minutes=5)

    assert (await group(world)).state is AlertState.SILENCED
    failing = [line for line in world.alert_card().thread if "has not taken the silence yet" in line]
    assert len(failing) == 1
    world.alertmanager.faults.clear()
    await world.forward(minutes=1)
    assert states(world) == ["active"]
    assert any("taken the silence after all" in line for line in world.alert_card().thread)


async def test_one_that_is_refused_leaves_the_group_as_it_was(world: World) -> None:
    await fires(world)
    before = await group(world)
    world.alertmanager.faults.add("status", "silences", status=400)

    await silences(world)

    now = await group(world)
    assert (now.state, now.epoch) == (AlertState.FIRING, before.epoch + 1)
    assert (await rows(world))[0].state is SilenceState.FAILED
    assert sum("does not take the silence" in line for line in world.alert_card().thread) == 1


async def test_a_silence_whose_making_is_in_doubt_is_made_once(world: World) -> None:
    await fires(world)
    world.alertmanager.faults.add("cut", "silences", count=1)

    await silences(world)
    await world.forward(minutes=1)

    assert states(world) == ["active"]
    assert (await rows(world))[0].state is SilenceState.ACTIVE


async def test_a_bot_that_dies_after_the_commit_makes_it_when_it_is_back(world: World) -> None:
    await fires(world)
    await silences(world, settled=False)

    await world.outage(minutes=1)

    assert states(world) == ["active"]


async def test_a_bot_that_dies_before_it_writes_down_that_it_was_made_finds_it(either_world: World) -> None:
    world = either_world
    await fires(world)
    await silences(world, settled=False)
    [row] = await rows(world)
    deliveries = world.bot.outbox[Recipient.SILENCER]._deliveries
    assert len(await deliveries.claim(Recipient.SILENCER, 1)) == 1
    there(world, Matcher(name="alertname", value="HighErrorRate"), comment=f"[opsbot {row.id}]")

    await world.outage(minutes=1)

    assert states(world) == ["active"]
    [row] = await rows(world)
    assert (row.state, row.remote_id) == (SilenceState.ACTIVE, remote(world)[0].id)


async def test_one_that_alertmanager_does_not_end_is_told_of_once(world: World) -> None:
    await fires(world)
    await silences(world)
    world.alertmanager.faults.add("status", "silences", status=403)

    await unsilences(world)
    await world.forward(minutes=5)

    assert (await group(world)).state is AlertState.FIRING
    assert sum("does not end the silence" in line for line in world.alert_card().thread) == 1
    await world.forward(hours=1)
    assert (await rows(world))[0].state is SilenceState.OVER


async def test_a_redelivered_press_silences_once(world: World) -> None:
    await fires(world)
    request = Request(source="test", delivery_id="once", actor=ANA)

    first = await use_cases(world).silence(request, Ref(number=1), HOUR)
    again = await use_cases(world).silence(request, Ref(number=1), HOUR)
    await world.settle()

    assert (again.text, again.repeated) == (first.text, True)
    assert len(remote(world)) == 1


async def test_what_nobody_wants_any_more_is_not_left_behind(world: World) -> None:
    await fires(world)
    world.alertmanager.faults.add("down")
    await silences(world)
    await unsilences(world)
    assert (await group(world)).state is AlertState.FIRING

    world.alertmanager.faults.clear()
    await world.forward(minutes=2)

    assert "active" not in states(world)
    assert (await rows(world))[0].state is SilenceState.OVER


async def test_where_nobody_can_look_at_its_end_it_is_taken_for_firing(world: World) -> None:
    await fires(world)
    await silences(world)
    await world.forward(minutes=59)
    world.alertmanager.faults.add("down")

    await world.forward(minutes=3)

    assert (await group(world)).state is AlertState.FIRING


async def test_an_outage_of_the_bot_over_the_end_is_made_good(world: World) -> None:
    await fires(world)
    await silences(world)

    await world.outage(hours=2)
    await world.forward(seconds=10)

    assert (await group(world)).state is AlertState.FIRING


# What is done in Alertmanager itself


def there(world: World, *matchers: Matcher, hours: int = 2, comment: str = "known") -> RemoteSilence:
    """Somebody makes a silence in Alertmanager."""
    now = world.alertmanager.now()
    return world.alertmanager.put_silence(
        RemoteSilence(
            id="",
            matchers=matchers or (Matcher(name="service", value="pay.*", is_regex=True),),
            starts_at=now,
            ends_at=now + hours * NANO_HOUR,
            updated_at=0,
            created_by="sre@example.com",
            comment=comment,
        )
    )


async def test_a_silence_made_there_shows_on_the_card_and_is_ended_there(either_world: World) -> None:
    world = either_world
    await fires(world)
    made = there(world)

    await world.looks()

    silenced = await group(world)
    assert silenced.state is AlertState.SILENCED
    assert silenced.silenced_by is not None
    assert silenced.silenced_by.name == "sre@example.com"
    assert any("sre@example.com in Alertmanager for 2 h: known" in one for one in world.alert_card().thread)
    with pytest.raises(DomainError, match="in Alertmanager itself"):
        await unsilences(world)
    await world.looks()
    assert sum("Silenced by" in line for line in world.alert_card().thread) == 1, "it is told once"

    world.alertmanager.expire_silence(made.id)
    await world.looks()
    assert (await group(world)).state is AlertState.FIRING


async def test_a_silence_made_there_is_over_at_its_end(world: World) -> None:
    await fires(world)
    there(world)
    await world.looks()

    await world.forward(hours=2, minutes=1)

    assert (await group(world)).state is AlertState.FIRING


async def test_one_that_leaves_something_of_the_group_to_be_heard_is_none(world: World) -> None:
    await fires(world, instance="a")
    await fires(world, instance="b")
    there(world, Matcher(name="instance", value="a"))

    await world.looks()

    assert (await group(world)).state is AlertState.FIRING


async def test_a_silence_of_ours_that_is_expired_there_is_over_here(world: World) -> None:
    await fires(world)
    await silences(world)
    world.alertmanager.expire_silence(remote(world)[0].id)

    await world.looks()

    assert (await group(world)).state is AlertState.FIRING
    assert (await rows(world))[0].state is SilenceState.OVER


async def test_what_bears_our_mark_there_and_is_wanted_no_more_is_ended(world: World) -> None:
    await fires(world)
    await silences(world)
    [row] = await rows(world)
    await unsilences(world)
    there(world, comment=f"[opsbot {row.id}]")

    await world.looks()

    assert (await group(world)).state is AlertState.FIRING
    assert set(states(world)) == {"expired"}


async def test_a_silence_of_ours_that_is_forgotten_there_is_over_after_two_looks(world: World) -> None:
    await fires(world)
    await silences(world)
    world.alertmanager.silences.clear()

    await world.looks()
    assert (await group(world)).state is AlertState.SILENCED
    await world.looks()
    assert (await group(world)).state is AlertState.FIRING


async def test_what_is_gone_there_is_resolved_after_two_looks(either_world: World) -> None:
    world = either_world
    await world.forward(minutes=10)
    await fires(world)
    await world.forward(minutes=3)
    await lost(world)

    await world.looks()
    assert (await group(world)).is_open
    await world.looks()
    assert not (await group(world)).is_open


async def test_an_alertmanager_that_has_just_started_resolves_nothing(world: World) -> None:
    await fires(world)
    await world.forward(minutes=3)
    await lost(world)

    for _ in range(3):
        await world.looks()

    assert (await group(world)).is_open, "it runs for less than five minutes"


async def test_what_is_young_is_left_to_the_webhook(world: World) -> None:
    await world.forward(minutes=10)
    await fires(world)
    await lost(world)

    for _ in range(3):
        await world.looks()

    assert (await group(world)).is_open


async def test_a_look_that_fails_changes_nothing(world: World) -> None:
    await world.forward(minutes=10)
    await fires(world)
    await world.forward(minutes=3)
    await lost(world)
    world.alertmanager.faults.add("status", "alerts", status=503)

    for _ in range(3):
        await world.looks()

    assert (await group(world)).is_open


async def test_what_fires_there_and_was_missed_comes_in_after_two_looks(either_world: World) -> None:
    world = either_world
    await fires(world, service="identity")
    await deaf(world)
    await fires(world)
    await world.forward(minutes=3)

    await world.looks()
    assert len(await groups_of(world)) == 1
    await world.looks()

    missed = await group(world, 2)
    assert (missed.service, missed.firing, missed.receiver) == ("payment", 1, "opsbot")
    assert len(await groups_of(world)) == 2
    await world.looks()
    assert len(await groups_of(world)) == 2


async def test_what_was_found_by_looking_is_the_webhooks_group_when_that_comes(world: World) -> None:
    await fires(world, service="identity")
    heard = await deaf(world)
    await fires(world)
    await world.forward(minutes=3)
    await world.looks()
    await world.looks()

    world.alertmanager.teller.webhook = heard
    await fires(world, instance="b")

    assert len(await groups_of(world)) == 2
    assert (await group(world, 2)).firing == 2


async def test_what_is_silenced_there_and_was_never_told_does_not_come(world: World) -> None:
    await fires(world, service="identity")
    there(world)
    await fires(world)
    await world.forward(minutes=3)

    for _ in range(3):
        await world.looks()

    assert len(await groups_of(world)) == 1


async def lost(world: World) -> None:
    """Alertmanager has no alert any more, and has told nobody."""
    heard = await deaf(world)
    world.alertmanager.resolve_all()
    world.alertmanager.tick()
    world.alertmanager.teller.webhook = heard


async def deaf(world: World) -> Webhook | None:
    """Alertmanager tells nobody of what happens now; whom it told before."""
    heard, world.alertmanager.teller.webhook = world.alertmanager.teller.webhook, None
    return heard
