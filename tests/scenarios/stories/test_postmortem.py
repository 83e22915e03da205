"""What is written once an incident is over, and who is asked for it."""

from __future__ import annotations

from dataclasses import replace

from tests.support.harness import World
from tests.support.people import readable

ANA = "<@U0ANA0001>"
LEE = "<@U0LEE0001|lee>"


def drafts(world: World) -> list[str]:
    """Every draft that was posted, oldest first."""
    files = sorted(world.slack.workspace.files, key=lambda file: (file.completed or 0, file.id))
    return [(file.data or b"").decode() for file in files]


def shared(world: World) -> list[str]:
    """What was said with each file, oldest first."""
    return [readable(message.content) for message in world.slack.messages if message.files]


async def resolved(world: World, line: str = "/incident p0 service:payment checkout is down") -> None:
    await world.kim.types(line)
    await world.ana.types("/incident ack")
    await world.forward(minutes=10)
    await world.lee.types("/incident resolve rolled *back*")
    await world.forward(seconds=10)  # Slack takes one message a second


async def test_the_resolve_of_a_p0_asks_whoever_led_it_with_a_draft(world: World) -> None:
    await resolved(world)
    (said,) = shared(world)
    assert ANA in said
    assert "ana: the post-mortem of P0 #1 is due by" in said
    (draft,) = drafts(world)
    assert "# Post-mortem: P0 #1 checkout is down" in draft
    assert "declared by kim" in draft
    assert "rolled \\*back\\*" in draft, "what people wrote formats nothing"
    assert "On-call Engineer" in draft
    assert "Incident commander: ana" in draft
    assert "{" not in draft
    assert world.card().says("Post-mortem")
    assert world.card().says("ana, by")


async def test_who_resolved_it_and_leads_is_asked_without_a_mention(world: World) -> None:
    await world.kim.types("/incident p1 search is slow")
    await world.ana.types("/incident ack")
    await world.ana.types("/incident resolve")
    (said,) = shared(world)
    assert "ana: the post-mortem of P1 #1 is due by" in said
    assert "<@" not in said


async def test_a_p2_a_drill_and_a_false_alarm_owe_none(world: World) -> None:
    for line in ("p2 search is slow", "drill p0 checkout is down"):
        await world.kim.types(f"/incident {line}")
        await world.kim.types("/incident resolve")
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident cancel")
    assert drafts(world) == []
    assert "No post-mortem is owed." in (await world.kim.types("/incident postmortems")).text


async def test_it_is_reminded_of_until_it_is_done(world: World) -> None:
    await resolved(world)
    card = world.card()
    told = len(card.thread)
    await world.forward(days=10)
    reminders = card.thread[told:]
    assert "the post-mortem of P0 #1 is due by" in reminders[0]
    assert all("was due by" in line for line in reminders[1:])
    assert all(ANA in line for line in reminders)
    listed = await world.kim.types("/incident postmortems")
    assert "1 post-mortem to write, 1 late" in listed.text
    await world.ana.types("/incident postmortem 1 done https://wiki.example.com/p/42?a=1")
    assert world.card().says("https://wiki.example.com/p/42?a=1")
    done = len(card.thread)
    await world.forward(days=10)
    assert len(card.thread) == done


async def test_missed_reminders_fold_into_one(world: World) -> None:
    await resolved(world)
    told = len(world.card().thread)
    await world.outage(days=14)
    await world.settle()
    assert len(world.card().thread) == told + 1


async def test_none_is_needed_and_why(world: World) -> None:
    await resolved(world)
    refused = await world.ana.types("/incident postmortem 1 not-needed")
    assert "Why is none needed?" in refused.text
    await world.ana.types("/incident postmortem 1 not-needed same cause as #7")
    assert world.card().says("Not needed: same cause as #7")
    again = await world.ana.types("/incident postmortem 1 not-needed really")
    assert "not needed already" in again.text


async def test_somebody_else_writes_it(world: World) -> None:
    await resolved(world)
    await world.ana.types(f"/incident postmortem 1 to {LEE}")
    assert "<@U0LEE0001>" in world.card().thread[-1]
    assert world.card().says("lee, by")
    guest = await world.ana.types("/incident postmortem 1 to <@U0GUS0001|gus>")
    assert "gus is a guest" in guest.text


async def test_reopening_lets_it_lapse_until_the_next_resolve(world: World) -> None:
    await resolved(world)
    await world.kim.types("/incident reopen 1")
    assert "No post-mortem is owed." in (await world.kim.types("/incident postmortems")).text
    await world.ana.types("/incident ack 1")
    await world.forward(days=8)
    assert not any("post-mortem of" in line for line in world.card().thread[3:] if "was due" in line)
    await world.ana.types("/incident resolve 1")
    assert len(drafts(world)) == 2


async def test_a_fresh_draft_is_posted_when_asked_for_and_once_only(world: World) -> None:
    await world.kim.types("/incident p2 search is slow")
    reply = await world.lee.types("/incident postmortem")
    again = await world.slack.redeliver(reply)
    assert again.text == reply.text
    await world.settle()
    assert "A fresh draft for P2 #1" in reply.text
    assert len(drafts(world)) == 1
    assert "asked for by lee" in shared(world)[0]


async def test_what_is_no_address_is_refused(world: World) -> None:
    await resolved(world)
    for link in ("http://wiki.example.com/1", "wiki", "javascript:alert(1)"):
        assert "begins with https://" in (await world.ana.types(f"/incident postmortem 1 done {link}")).text
    assert world.card().says("ana, by")


async def test_a_guest_may_not_see_to_it(world: World) -> None:
    await resolved(world)
    reply = await world.gus.types("/incident postmortem 1 done")
    assert "Guests" in reply.text


async def test_a_security_incidents_draft_stays_in_its_private_channel(world: World) -> None:
    await world.kim.types("/incident p0 security: token leaked")
    await world.ana.types("/incident ack")
    await world.kim.types("/incident resolve 1")
    await world.forward(seconds=10)
    (file,) = [one for one in world.slack.messages if one.files]
    assert world.slack.workspace.channels[file.channel].hidden
    outside = await world.gus.types("/incident postmortems")
    assert "Security incident 1" in outside.text + str(outside.message)
    assert "token" not in outside.text + str(outside.message)


async def test_without_the_scope_the_ask_goes_without_its_file(world: World) -> None:
    app = world.slack.world.app
    world.slack.world.app = replace(app, scopes=app.scopes - {"files:write"})
    await resolved(world)
    assert drafts(world) == []
    said = world.card().thread[-1]
    assert "ana: the post-mortem of P0 #1 is due by" in said
    assert "lacks the scope files" in said
    assert ANA in said


async def test_an_upload_that_was_cut_off_after_it_was_done_makes_no_second_file(world: World) -> None:
    world.slack.faults.add("cut", "files.completeUploadExternal", count=1)
    await resolved(world)
    await world.forward(minutes=1)
    assert len(shared(world)) == 1


async def test_a_draft_that_is_owed_outlives_the_bot(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.types("/incident ack")
    world.slack.faults.add("down", "files.getUploadURLExternal")
    await world.lee.types("/incident resolve")
    assert shared(world) == []
    await world.stop()
    world.slack.faults.clear()
    world.clock.advance(minutes=5)
    await world.start()
    await world.forward(minutes=1)
    assert len(shared(world)) == 1


async def test_a_draft_whose_card_was_deleted_comes_into_the_channel(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.ana.types("/incident ack")
    card = world.card().message
    world.slack.workspace.channels[card.channel].messages.pop(card.ts, None)
    await world.lee.types("/incident resolve")
    await world.forward(minutes=1)
    assert len(shared(world)) == 1


async def test_what_was_corrected_struck_out_and_timed_later_shows_as_it_holds(world: World) -> None:
    await world.kim.types("/incident p2 search is slow")
    await world.kim.types("/incident note 1 the index is broken")
    await world.forward(minutes=20)
    await world.kim.types("/incident resolve 1 rolled back")
    (incident,) = await world.bot.store.read(lambda tx: (tx.incidents.by_number(1),))
    assert incident is not None
    events = await world.bot.store.read(lambda tx: tx.events.of(incident.id))
    numbers = {str(event.data.get("text")): event.sequence for event in events}
    await world.lee.types(f"/incident correct 1 {numbers['the index is broken']} the cache was cold")
    await world.lee.types(f"/incident strike 1 {numbers['rolled back']} it came back by itself")
    await world.lee.types("/incident times 1 resolved 5m ago")
    await world.lee.types("/incident postmortem 1")
    text = drafts(world)[-1]
    assert "the cache was cold (corrected by lee)" in text
    assert "Struck out by lee: it came back by itself" in text
    assert "the index is broken" not in text
    assert "Last word" not in text
    assert ", 15 min after the declaration" in text
