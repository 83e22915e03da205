"""Lines of a card's thread: what has happened, in a sentence each, and whom it notifies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.card import IncidentCard, Mentions
from bot.domain.event import Event, EventKind
from bot.domain.rights import asked_for
from bot.domain.severity import Severity
from bot.domain.text import clean, duration
from bot.views.blocks import Block, Message, message, plain_section, section
from bot.views.items import item_buttons
from bot.views.markup import Markup, cut, inert, length, mention
from bot.views.merging import merge_button
from bot.views.prompts import attendance_asked, buttons_of, update_asked
from bot.views.status import headline, public_name

_TOP_LIMIT = 2000
_WHY_LIMIT = 300


def line(
    event: Event,
    card: IncidentCard,
    mentions: Mentions,
    *,
    labelled: bool = False,
    redacted: bool = False,
) -> Message:
    """The event's line. `labelled` says of which incident, for a line outside the card's thread.

    `redacted` says only what kind of thing has happened to which incident: nothing that people wrote.
    """
    who = mention(mentions.who)
    if redacted:
        text = f"{public_name(card.incident)}: {_PUBLIC.get(event.kind, 'changed')}."
    else:
        text = sentence(event, card, mentioned=bool(who))
        text = f"{headline(card.incident)}: {text}" if labelled else text
    if mentions.names and not who:
        text = f"{text} Nobody is mentioned: the guide names nobody for {', '.join(mentions.names)}."
    blocks: list[Block] = [plain_section(text)]
    if who:
        blocks.append(section(who))
    if not redacted and event.kind in _BUTTONS:
        blocks.append(_BUTTONS[event.kind](event))
    asked = buttons_of(event.kind, card.incident)
    if asked is not None:
        blocks.append(asked)
    told = cut(inert(text, _TOP_LIMIT), max(_TOP_LIMIT - length(who), 1))
    return message(Markup(f"{told} {who}".rstrip()), blocks)


def sentence(event: Event, card: IncidentCard, *, mentioned: bool = False) -> str:
    """What has happened, as plain text from which nothing is escaped yet."""
    if event.kind is EventKind.PAGED and event.data.get("reached") is False:
        return _unreached(event, mentioned=mentioned)
    tell = _SENTENCES.get(event.kind)
    return tell(event, card) if tell else f"Something else has happened: {event.kind}."


def _paged(event: Event, card: IncidentCard) -> str:
    title = _text(event, "title", "Somebody")
    if event.data.get("reason") == "asked":
        return f"{event.actor.name} escalated to {title}."
    if event.data.get("late"):
        return f"{title} paged late: opsbot was away when it was time."
    return f"{title} paged{_because(event, card)}."


def _because(event: Event, card: IncidentCard) -> str:
    step = event.data.get("step")
    path = card.incident.path
    if not isinstance(step, int) or step <= 0 or not path.rungs:
        return ""
    if path.rung(step).tier != event.data.get("tier"):
        return ""  # the severity has changed since, and the path with it
    waited = f" in {duration(path.response)}" if path.response else ""
    if path.is_repeat(step):
        return f" again: nobody acknowledged{waited}"
    return f": {path.rung(step - 1).title} did not acknowledge{waited}"


def _unreached(event: Event, *, mentioned: bool) -> str:
    title = _text(event, "title", "A tier")
    asked = f"{event.actor.name} escalated to {title}. " if event.data.get("reason") == "asked" else ""
    here = ", mentioned here" if mentioned else ""
    why = _text(event, "why", "has no PagerDuty routing key")
    return f"⚠️ {asked}{title} {why}: not paged{here}."


def _mentioned(event: Event, card: IncidentCard) -> str:
    label, step = card.incident.label, event.data.get("step")
    if event.data.get("reason") == "asked":
        return f"{event.actor.name} asks {card.team} to look at {label}."
    still = "still " if isinstance(step, int) and step > 0 else ""
    return f"{card.team}: {label} is {still}not acknowledged."


def _exhausted(event: Event, card: IncidentCard) -> str:
    path = card.incident.path
    tried = _text(event, "tried", "nobody")
    after = "Nobody is paged any more."
    if event.data.get("repeats") and path.rungs:
        every = f" every {duration(path.response)}" if path.response else ""
        after = f"Paging {path.rungs[-1].title} again{every}."
    return f"🚨 Nobody has acknowledged {card.incident.label}. Tried: {tried}. {after}"


def _severity_changed(event: Event, _card: IncidentCard) -> str:
    before, now = _text(event, "from", "?"), _text(event, "to", "?")
    known = {severity.value: severity for severity in Severity}
    raised = before in known and now in known and known[now].is_worse_than(known[before])
    return f"{'Raised' if raised else 'Lowered'} from {before} to {now} by {event.actor.name}."


def _message_added(event: Event, _card: IncidentCard) -> str:
    author, text = _text(event, "author", "Somebody"), _text(event, "text", limit=None)
    if not text and event.data.get("private"):
        began = "A message" if "way" in event.data else "It began with a message"
        return f"{began} of {author}'s in a private channel, where its text stays."
    return f"{author} wrote: {text or 'no words'}"


def _updates_set(event: Event, _card: IncidentCard) -> str:
    every, snoozed = event.data.get("every_seconds"), event.data.get("snoozed_seconds")
    if isinstance(snoozed, int):
        return f"{event.actor.name} wants to be asked later, in {duration(timedelta(seconds=snoozed))}."
    if isinstance(every, int) and every:
        return f"{event.actor.name} has updates asked for every {duration(timedelta(seconds=every))}."
    return f"{event.actor.name} wants nobody to be asked for updates."


def _role_given(event: Event, _card: IncidentCard) -> str:
    role, to, before = _text(event, "title", "a role"), _text(event, "to"), _text(event, "from")
    if not to:
        return f"{before or 'Nobody'} is no longer {role}; nobody is."
    taken = f" in place of {before}" if before else ""
    by = "" if to == event.actor.name else f", says {event.actor.name}"
    return f"{to} is {role} now{taken}{by}."


def _time_set(event: Event, _card: IncidentCard) -> str:
    moment, said = _text(event, "moment", "changed"), _text(event, "said")
    was = "" if moment == "started" else "was "
    if not said:
        return f"{event.actor.name} says that it is not known when it {was}{moment}."
    return f"{event.actor.name} says that it {was}{moment} {said}."


def _unconfirmed(event: Event, _card: IncidentCard) -> str:
    title = _text(event, "title", "a tier")
    return (
        f"⚠️ PagerDuty took the page for {title} but shows no incident for it: "
        "somebody may not be notified. Call them."
    )


def _failing(event: Event, _card: IncidentCard) -> str:
    title, reason = _text(event, "title", "a tier"), _text(event, "reason").rstrip(".")
    why = f" ({reason})" if reason else ""
    return f"⚠️ PagerDuty does not take the page for {title}{why}. Still trying. Call them."


def _taken(event: Event, _card: IncidentCard) -> str:
    seconds = event.data.get("after_s")
    after = f" after {duration(timedelta(seconds=seconds))}" if isinstance(seconds, int) else ""
    return f"PagerDuty took the page for {_text(event, 'title', 'a tier')}{after}."


def _pager_changed(event: Event, _card: IncidentCard) -> str:
    status = _text(event, "status", "changed")
    return (
        f"PagerDuty has {status} its incident, and does not say that a person did. "
        "Here nothing changes: paging goes on until somebody acknowledges."
    )


def _delivery_died(event: Event, _card: IncidentCard) -> str:
    kind = _text(event, "delivery", "delivery").replace("_", " ")
    reason = _text(event, "reason").rstrip(".")
    where = _GIVEN_UP.get(kind, "Look into PagerDuty yourself")
    return f"⚠️ Given up ({kind}): {reason or 'no reason was given'}. {where}."


def _likely_same(event: Event, _card: IncidentCard) -> str:
    seconds = event.data.get("seconds")
    ago = f", declared {duration(timedelta(seconds=seconds))} ago" if isinstance(seconds, int) else ""
    return f"Same as {_text(event, 'label', 'another')} ({_text(event, 'title')}){ago}?"


def _took_in(event: Event, _card: IncidentCard) -> str:
    label = f"{_text(event, 'severity')} #{event.data.get('number')}"
    declared = f", declared by {_text(event, 'declared_by', 'somebody')}"
    return f"{label} ({_text(event, 'title')}{declared}) was merged into this one by {event.actor.name}."


def _left(event: Event, _card: IncidentCard) -> str:
    label = f"{_text(event, 'severity')} #{event.data.get('number')}"
    return (
        f"{label} ({_text(event, 'title')}) was reopened by {event.actor.name}: it goes on by itself again."
    )


def _room_failed(event: Event, _card: IncidentCard) -> str:
    reason = _text(event, "reason").rstrip(".") or "Slack gives no reason"
    step = _text(event, "step")
    if step == "room_create":
        return f"⚠️ It gets no channel of its own: {reason}. It goes on here."
    return f"⚠️ {_ROOM_STEPS.get(step, 'Something in its channel could not be done')}: {reason}."


def _room_left(event: Event, _card: IncidentCard) -> str:
    name = _text(event, "name", "its channel")
    return f"⚠️ #{name} was archived, or opsbot was taken out of it. The incident goes on here."


def _item_added(event: Event, _card: IncidentCard) -> str:
    owner, due = _text(event, "owner"), _text(event, "due")
    who = f" {owner} does it" if owner else " Nobody has it yet"
    by = f", by {due}." if due else "."
    return f"{event.actor.name} added {_item(event)}.{who}{by}"


def _item_reminded(event: Event, card: IncidentCard) -> str:
    owner, due = _text(event, "owner") or card.team, _text(event, "due")
    when = "" if not due else f" It was due by {due}." if event.data.get("late") else f" It is due by {due}."
    return f"{owner}: {_item(event)} is still to be done.{when}"


def _item(event: Event) -> str:
    return f"item {event.data.get('item')}: {_text(event, 'text', 'something')}"


def _item_buttons(event: Event) -> Block:
    return item_buttons(event.data.get("item"))


def _postmortem_reminded(event: Event, card: IncidentCard) -> str:
    owner, due = _text(event, "owner") or card.team, _text(event, "due", "soon")
    label, number = card.incident.label, card.incident.number
    when = f"was due by {due}" if event.data.get("late") else f"is due by {due}"
    return (
        f"{owner}: the post-mortem of {label} {when}. Written? /incident postmortem {number} done https://… "
        f"None needed? /incident postmortem {number} not-needed why"
    )


def _postmortem_done(event: Event, _card: IncidentCard) -> str:
    link = _text(event, "link")
    return f"The post-mortem is done, says {event.actor.name}{f': {link}' if link else '.'}"


_GIVEN_UP = {
    "card": "`/incident show` has the state",
    "draft": "`/incident postmortem` tries again",
    "leadership": "Tell the business's stakeholders yourself",
}


def _by(what: str) -> Callable[[Event, IncidentCard], str]:
    """`Resolved by Ana: rolled back`."""

    def tell(event: Event, _card: IncidentCard) -> str:
        text = _text(event, "text", limit=None)
        return f"{what} by {event.actor.name}{f': {text}' if text else '.'}"

    return tell


def _text(event: Event, key: str, default: str = "", *, limit: int | None = _WHY_LIMIT) -> str:
    value = event.data.get(key)
    text = default if value is None else str(value)
    return clean(text, limit) if limit else text


_ROOM_STEPS = {
    "room_topic": "The topic of its channel could not be set",
    "room_pin": "Its card could not be pinned",
    "room_bookmark": "A link could not be put at the top of its channel",
    "room_invite": "Those who belong in its channel could not be invited",
    "room_archive": "Its channel could not be archived",
}

_SENTENCES: Mapping[EventKind, Callable[[Event, IncidentCard], str]] = {
    EventKind.DECLARED: _by("Declared"),
    EventKind.PAGED: _paged,
    EventKind.MENTIONED: _mentioned,
    EventKind.EXHAUSTED: _exhausted,
    EventKind.ACKNOWLEDGED: _by("Acknowledged"),
    EventKind.MITIGATED: _by("Mitigated"),
    EventKind.RESOLVED: _by("Resolved"),
    EventKind.REOPENED: _by("Reopened"),
    EventKind.CANCELLED: _by("Cancelled as a false alarm"),
    EventKind.LIKELY_SAME: _likely_same,
    EventKind.MERGED: lambda event, _: (
        f"Merged into #{event.data.get('into')} by {event.actor.name}: it goes on there."
    ),
    EventKind.TOOK_IN: _took_in,
    EventKind.LEFT: _left,
    EventKind.SEVERITY_CHANGED: _severity_changed,
    EventKind.UPDATED: _by("Update"),
    EventKind.UPDATE_ASKED: lambda event, _: update_asked(event),
    EventKind.UPDATES_SET: _updates_set,
    EventKind.ATTENDANCE_ASKED: lambda event, card: attendance_asked(event, card.incident),
    EventKind.STILL_ON_IT: lambda event, _: f"{event.actor.name} is still on it.",
    EventKind.UNATTENDED: lambda event, card: (
        f"⚠️ Nobody has answered: {card.incident.label} counts as not acknowledged any more and is "
        f"paged again, from the beginning. {_text(event, 'who', 'Somebody')} had it."
    ),
    EventKind.IMPACT_SET: _by("Impact described"),
    EventKind.ROLE_GIVEN: _role_given,
    EventKind.MESSAGE_ADDED: _message_added,
    EventKind.NOTED: _by("Note"),
    EventKind.TIME_SET: _time_set,
    EventKind.MESSAGE_CHANGED: lambda event, _: (
        f"The message of entry {_text(event, 'of', '?')} now says: {_text(event, 'text', limit=None)}"
    ),
    EventKind.MESSAGE_DELETED: lambda event, _: (
        f"The message of entry {_text(event, 'of', '?')} was deleted."
    ),
    EventKind.EXPORTED: lambda event, _: f"{event.actor.name} exported the timeline.",
    EventKind.CORRECTED: lambda event, _: (
        f"{event.actor.name} corrects entry {_text(event, 'of', '?')} of the timeline: "
        f"{_text(event, 'text', limit=None)}"
    ),
    EventKind.STRUCK: lambda event, _: (
        f"{event.actor.name} strikes entry {_text(event, 'of', '?')} of the timeline out: "
        f"{_text(event, 'text', 'it is wrong', limit=None)}"
    ),
    EventKind.REFUSED: lambda event, _: (
        f"{event.actor.name} asked to {asked_for(_text(event, 'asked'))}: refused."
    ),
    EventKind.PAGE_CONFIRMED: lambda event, _: (
        f"PagerDuty shows an incident for the page of {_text(event, 'title', 'a tier')}."
    ),
    EventKind.PAGE_UNCONFIRMED: _unconfirmed,
    EventKind.PAGE_FAILING: _failing,
    EventKind.PAGE_TAKEN: _taken,
    EventKind.PAGER_CHANGED: _pager_changed,
    EventKind.ROOM_MADE: lambda event, _: f"Its channel is #{_text(event, 'name', 'there')}.",
    EventKind.ROOM_FAILED: _room_failed,
    EventKind.ROOM_LEFT: _room_left,
    EventKind.ROOM_ARCHIVED: lambda event, _: f"Its channel #{_text(event, 'name')} was archived.",
    EventKind.DELIVERY_DIED: _delivery_died,
    EventKind.ITEM_ADDED: _item_added,
    EventKind.ITEM_DONE: lambda event, _: f"Done, says {event.actor.name}: {_item(event)}",
    EventKind.ITEM_DROPPED: lambda event, _: (
        f"{event.actor.name} dropped {_item(event)}. Why: {_text(event, 'reason')}"
    ),
    EventKind.ITEM_GIVEN: lambda event, _: (
        f"{_text(event, 'owner')} does {_item(event)}, says {event.actor.name}."
    ),
    EventKind.ITEM_PUT_OFF: lambda event, _: (
        f"{event.actor.name} put off {_item(event)}. It is due by {_text(event, 'due')} now."
    ),
    EventKind.ITEM_REMINDED: _item_reminded,
    EventKind.POSTMORTEM_ASKED: lambda event, card: (
        f"{_text(event, 'owner') or card.team} is asked for the post-mortem by {_text(event, 'due', 'soon')}."
    ),
    EventKind.POSTMORTEM_DRAFTED: lambda event, _: f"{event.actor.name} asked for a post-mortem's draft.",
    EventKind.POSTMORTEM_REMINDED: _postmortem_reminded,
    EventKind.POSTMORTEM_DONE: _postmortem_done,
    EventKind.POSTMORTEM_WAIVED: lambda event, _: (
        f"No post-mortem is needed, says {event.actor.name}: {_text(event, 'reason')}"
    ),
    EventKind.POSTMORTEM_GIVEN: lambda event, _: (
        f"{_text(event, 'to')} writes the post-mortem, says {event.actor.name}."
    ),
}


def _merge_button(event: Event) -> Block:
    numbers = event.data.get("ended_number"), event.data.get("kept_number")
    return merge_button(str(event.data.get("ended")), str(event.data.get("kept")), numbers)


_BUTTONS: Mapping[EventKind, Callable[[Event], Block]] = {
    EventKind.LIKELY_SAME: _merge_button,
    EventKind.ITEM_REMINDED: _item_buttons,
}
"""The buttons under a line."""

_PUBLIC: Mapping[EventKind, str] = {
    EventKind.DECLARED: "declared",
    EventKind.PAGED: "somebody is being paged",
    EventKind.MENTIONED: "waits for somebody to acknowledge it",
    EventKind.EXHAUSTED: "nobody has acknowledged it, and everybody on its path was tried",
    EventKind.ACKNOWLEDGED: "acknowledged",
    EventKind.MITIGATED: "mitigated",
    EventKind.RESOLVED: "resolved",
    EventKind.REOPENED: "reopened",
    EventKind.CANCELLED: "cancelled as a false alarm",
    EventKind.LIKELY_SAME: "it may be the same as another",
    EventKind.MERGED: "merged into another",
    EventKind.TOOK_IN: "another was merged into it",
    EventKind.LEFT: "one that was merged into it was reopened",
    EventKind.SEVERITY_CHANGED: "its severity was changed",
    EventKind.UPDATED: "there is an update",
    EventKind.UPDATE_ASKED: "an update is due",
    EventKind.UPDATES_SET: "updates are asked for at another pace",
    EventKind.ATTENDANCE_ASKED: "is somebody still on it? Unless somebody answers it is paged again",
    EventKind.STILL_ON_IT: "somebody is still on it",
    EventKind.UNATTENDED: "nobody answers for it any more; it is paged again",
    EventKind.IMPACT_SET: "its impact is described",
    EventKind.ROLE_GIVEN: "somebody has another role",
    EventKind.MESSAGE_ADDED: "a message was added",
    EventKind.NOTED: "a note was added",
    EventKind.MESSAGE_CHANGED: "a message was edited",
    EventKind.MESSAGE_DELETED: "a message was deleted",
    EventKind.EXPORTED: "its timeline was exported",
    EventKind.TIME_SET: "its times were corrected",
    EventKind.CORRECTED: "its timeline was corrected",
    EventKind.STRUCK: "its timeline was corrected",
    EventKind.REFUSED: "a request was refused",
    EventKind.PAGE_CONFIRMED: "a page is confirmed",
    EventKind.PAGE_UNCONFIRMED: "a page is not confirmed; somebody may not be notified. Call them",
    EventKind.PAGE_FAILING: "a page is not taken. Still trying. Call them",
    EventKind.PAGE_TAKEN: "the page is taken after all",
    EventKind.PAGER_CHANGED: "PagerDuty's incident for it has changed",
    EventKind.ROOM_MADE: "it has a channel of its own",
    EventKind.ROOM_FAILED: "something with its own channel could not be done",
    EventKind.ROOM_LEFT: "its own channel is gone",
    EventKind.ROOM_ARCHIVED: "its own channel was archived",
    EventKind.DELIVERY_DIED: "something could not be delivered",
    EventKind.ITEM_ADDED: "there is an action item",
    EventKind.ITEM_DONE: "an action item is done",
    EventKind.ITEM_DROPPED: "an action item is dropped",
    EventKind.ITEM_GIVEN: "an action item is somebody else's",
    EventKind.ITEM_PUT_OFF: "an action item is put off",
    EventKind.ITEM_REMINDED: "an action item is still to be done",
    EventKind.POSTMORTEM_ASKED: "a post-mortem is asked for",
    EventKind.POSTMORTEM_DRAFTED: "a post-mortem's draft is asked for",
    EventKind.POSTMORTEM_REMINDED: "its post-mortem is not written yet",
    EventKind.POSTMORTEM_DONE: "its post-mortem is done",
    EventKind.POSTMORTEM_WAIVED: "it needs no post-mortem",
    EventKind.POSTMORTEM_GIVEN: "somebody else writes its post-mortem",
}
