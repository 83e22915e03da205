"""How the course of a change is told, what broke meanwhile, and what becomes of the calendar.

The facts of each entry: texts as people read them, but for counts, and what is so or not.

- CHANGE_REQUESTED `needs`, `starts`; CHANGE_EDITED `what` (the parts: `plan, start`), `needs`,
  `lost` (whose approvals count no more)
- CHANGE_APPROVED `count`, `needs`, `note`; CHANGE_REJECTED `reason`
- APPROVALS_EXPIRED `left` (how many still count), `needs`, `who` (who asked for it)
- CHANGE_DUE `approved`, `needs` (how many are missing), `text` (what the gate has against it), `who`
- CHANGE_TESTED `begun` (or over), `note`; CHANGE_STARTED `skipped_tests`, `closes`, `note`
- CHANGE_OVERRIDDEN `reason`, `against`; CHANGE_DEPLOYED `note`
- CHANGE_OVERRUN `due`, `told` (how often it was said before), `window` (it is that which has closed), `who`
- CHANGE_HEALTH `worse`, `after` (once it was over)
- CHANGE_SUSPECTED `label`, `title`, `minutes` (after the start; where it was over, after its end), `ended`
- CHANGE_NEAR, on what broke: `change`, `title`, `service`, `minutes`, `ended`, the same from the other side
- CHANGE_NOTED `text`; CHANGE_DONE `note`, `took`
- CHANGE_ROLLBACK `reason`, `webhook` (the key of what was asked to do it); CHANGE_ROLLED_BACK `note`, `took`,
  `webhook` (which had not taken it before it was done by hand)
- CHANGE_CANCELLED `reason`
- HOOK_TAKEN `webhook`, `said`; HOOK_FAILED `webhook`, `why`, `plan` (how it is taken back by hand)
- SPAN_ADDED `kind`, `title`, `starts`, `ends`, `service`, `type`, and in the thread of a change on which a
  freeze begins `running`, its label; SPAN_REMOVED `kind`, `title`
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.span import SpanKind
from bot.domain.event import Event, EventKind
from bot.views.blocks import Block
from bot.views.changes.buttons import rollback_button
from bot.views.told.telling import Told, text


def _requested(event: Event, _card: object) -> str:
    starts = text(event, "starts")
    planned = f", planned for {starts}" if starts else ""
    return f"Asked for by {event.actor.name}{planned}. {_wanted(event)}"


def _edited(event: Event, _card: object) -> str:
    what, lost = text(event, "what", "the plan"), text(event, "lost")
    anew = f" What {lost} approved was another plan." if lost else ""
    return f"{event.actor.name} edited {what}. {_wanted(event)}{anew}"


def _approved(event: Event, _card: object) -> str:
    count, needs = _number(event, "count"), _number(event, "needs")
    if count is None or needs is None:
        return f"👍 Approved by {event.actor.name}{_said(event, 'note')}"
    enough = ", that is enough" if count >= needs else ""
    return f"👍 Approved by {event.actor.name} ({count} of {needs}{enough}){_said(event, 'note')}"


def _rejected(event: Event, _card: object) -> str:
    return f"👎 Rejected by {event.actor.name}{_said(event, 'reason')}"


def _expired_approvals(event: Event, _card: object) -> str:
    left, needs = _number(event, "left") or 0, _number(event, "needs")
    counts = f": {left} of {needs} still {'counts' if left == 1 else 'count'}" if needs else ""
    return _to(event, f"approvals have expired{counts}. It is to be approved again.")


def _due(event: Event, _card: object) -> str:
    if not event.data.get("approved"):
        needs = _number(event, "needs") or 1
        missing = f"{needs} {'approval is' if needs == 1 else 'approvals are'}"
        return _to(event, f"it was planned for now, but {missing} missing.")
    against = text(event, "text", limit=None)
    if against:
        return _to(event, f"it is planned for now, but the gate is against it: {against}")
    return _to(event, "it may start now.")


def _tested(event: Event, _card: object) -> str:
    if event.data.get("begun"):
        return f"🧪 {event.actor.name} tests it now{_said(event, 'note')}"
    return f"🧪 {event.actor.name} has tested it{_said(event, 'note')}"


def _started(event: Event, _card: object) -> str:
    closes = text(event, "closes")
    until = f" The window closes {closes}." if closes else ""
    untested = " Without tests." if event.data.get("skipped_tests") else ""
    return f"🚀 Started by {event.actor.name}{_said(event, 'note')}{untested}{until}"


def _overridden(event: Event, _card: object) -> str:
    against = text(event, "against", limit=None).rstrip(".")
    said = f" ({against})" if against else ""
    return f"⚠️ Started by {event.actor.name} although the gate is against it{said}{_said(event, 'reason')}"


def _deployed(event: Event, _card: object) -> str:
    return f"🔎 Deployed by {event.actor.name}, it is validated now{_said(event, 'note')}"


def _overrun(event: Event, _card: object) -> str:
    due = text(event, "due", "by now")
    still = "it is still running" if _number(event, "told") else "it is running longer than planned"
    why = f"its window closed {due}" if event.data.get("window") else f"it was to be over {due}"
    return f"⏰ {_to(event, f'{still}: {why}.')}"


def _health(event: Event, _card: object) -> str:
    worse = text(event, "worse", limit=None)
    when = "Since it was started" if event.data.get("after") else "So far"
    if worse:
        return f"🟠 {when}, this has become worse: {worse}"
    return "The service's health was looked at."


def _suspected(event: Event, _card: object) -> str:
    label, title = text(event, "label", "Something"), text(event, "title")
    what = f"{label} ({title})" if title else label
    who = text(event, "who")
    ask = f"{who}: did" if who else "Did"
    over = event.data.get("ended")
    when = f"{_minutes(event)} after it {'was over' if over else 'was started'}"
    return f"🚨 {what} began {when}. {ask} this change cause it?"


def _suspected_button(_event: Event, card: object) -> Block | None:
    if isinstance(card, ChangeCard) and card.may_be_rolled_back:
        return rollback_button(card.change)
    return None


def _near(event: Event, _card: object) -> str:
    label, title = text(event, "change", "A change"), text(event, "title")
    named = f"{label} ({title})" if title else label
    service = text(event, "service")
    of = f" of {service}" if service else ""
    over = event.data.get("ended")
    how = "was over" if over else "was started"
    return f"🔧 Change {named}{of} {how} {_minutes(event)} before this began."


def _noted(event: Event, _card: object) -> str:
    return f"Note by {event.actor.name}{_said(event, 'text')}"


def _done(event: Event, _card: object) -> str:
    return f"✅ Done, says {event.actor.name}{_took(event)}{_said(event, 'note')}"


def _rollback(event: Event, _card: object) -> str:
    webhook = text(event, "webhook")
    how = f"by webhook {webhook}" if webhook else "by hand"
    return f"↩️ {event.actor.name} rolls it back, {how}{_said(event, 'reason')}"


def _rolled_back(event: Event, _card: object) -> str:
    webhook = text(event, "webhook")
    by_hand = f" By hand: webhook {webhook} had not taken it, and is not asked any more." if webhook else ""
    return f"↩️ Rolled back, says {event.actor.name}{_took(event)}{_said(event, 'note')}{by_hand}"


def _cancelled(event: Event, _card: object) -> str:
    return f"Called off by {event.actor.name}{_said(event, 'reason')}"


def _expired(_event: Event, _card: object) -> str:
    return "⌛ Nobody started it within a week of its planned end: it is off. Ask for it anew."


def _hook_taken(event: Event, _card: object) -> str:
    said = text(event, "said")
    return f"{_webhook(event)} rolls it back{f': {said}' if said else '.'}"


def _hook_failed(event: Event, _card: object) -> str:
    why = text(event, "why").rstrip(".")
    plan = text(event, "plan", limit=None)
    by_hand = f" Roll it back by hand: {plan}" if plan else " Roll it back by hand."
    if why:
        return f"⚠️ It is not rolled back: {why}.{by_hand}"
    return f"⚠️ {_webhook(event)} does not roll it back.{by_hand}"


def _span_added(event: Event, _card: object) -> str:
    starts, ends = text(event, "starts"), text(event, "ends")
    when = f", from {starts} until {ends}" if starts and ends else ""
    about = ", ".join(one for one in (text(event, "type"), text(event, "service")) if one)
    said = f"{event.actor.name} put {_span(event)} on the calendar{f' ({about})' if about else ''}{when}."
    running = text(event, "running")
    return f"{said} {running} is running, and may go on." if running else said


def _span_removed(event: Event, _card: object) -> str:
    if event.data.get("kind") == SpanKind.FREEZE:
        return f"{event.actor.name} lifted {_span(event)}."
    return f"{event.actor.name} took {_span(event)} off the calendar."


def _span(event: Event) -> str:
    what = "a freeze" if event.data.get("kind") == SpanKind.FREEZE else "a window"
    title = text(event, "title")
    return f"{what}: {title}" if title else what


def _webhook(event: Event) -> str:
    return f"Webhook {text(event, 'webhook', '?')}"


def _wanted(event: Event) -> str:
    needs = _number(event, "needs")
    if needs is None:
        return "It is to be approved."
    return f"It needs {needs} approval{'' if needs == 1 else 's'}." if needs else "It needs no approval."


def _took(event: Event) -> str:
    took = text(event, "took")
    return f", after {took}" if took else ""


def _said(event: Event, key: str) -> str:
    said = text(event, key, limit=None)
    return f": {said}" if said else "."


def _to(event: Event, said: str) -> str:
    """Said to somebody by name, or to all."""
    who = text(event, "who")
    return f"{who}: {said}" if who else f"{said[0].upper()}{said[1:]}"


def _minutes(event: Event) -> str:
    minutes = _number(event, "minutes")
    return "some time" if minutes is None else "less than a minute" if minutes < 1 else f"{minutes} min"


def _number(event: Event, key: str) -> int | None:
    count = event.data.get(key)
    return count if isinstance(count, int) else None


TOLD: Mapping[EventKind, Told] = {
    EventKind.CHANGE_REQUESTED: Told(sentence=_requested, public="a change was asked for"),
    EventKind.CHANGE_EDITED: Told(sentence=_edited, public="its plan is another one"),
    EventKind.CHANGE_APPROVED: Told(sentence=_approved, public="approved"),
    EventKind.CHANGE_REJECTED: Told(sentence=_rejected, public="rejected"),
    EventKind.APPROVALS_EXPIRED: Told(sentence=_expired_approvals, public="approvals have expired"),
    EventKind.CHANGE_DUE: Told(sentence=_due, public="it was planned for now"),
    EventKind.CHANGE_TESTED: Told(sentence=_tested, public="it is tested"),
    EventKind.CHANGE_STARTED: Told(sentence=_started, public="started"),
    EventKind.CHANGE_OVERRIDDEN: Told(sentence=_overridden, public="started against the gate"),
    EventKind.CHANGE_DEPLOYED: Told(sentence=_deployed, public="deployed"),
    EventKind.CHANGE_OVERRUN: Told(sentence=_overrun, public="it runs longer than planned"),
    EventKind.CHANGE_HEALTH: Told(sentence=_health, public="the service's health was looked at"),
    EventKind.CHANGE_SUSPECTED: Told(
        sentence=_suspected, public="something broke meanwhile", buttons=_suspected_button
    ),
    EventKind.CHANGE_NEAR: Told(sentence=_near, public="something was changed shortly before"),
    EventKind.CHANGE_NOTED: Told(sentence=_noted, public="there is a note"),
    EventKind.CHANGE_DONE: Told(sentence=_done, public="done"),
    EventKind.CHANGE_ROLLBACK: Told(sentence=_rollback, public="it is rolled back"),
    EventKind.CHANGE_ROLLED_BACK: Told(sentence=_rolled_back, public="rolled back"),
    EventKind.CHANGE_CANCELLED: Told(sentence=_cancelled, public="called off"),
    EventKind.CHANGE_EXPIRED: Told(sentence=_expired, public="its time has passed"),
    EventKind.HOOK_TAKEN: Told(sentence=_hook_taken, public="a webhook rolls it back"),
    EventKind.HOOK_FAILED: Told(sentence=_hook_failed, public="a webhook does not roll it back"),
    EventKind.SPAN_ADDED: Told(sentence=_span_added, public="it was put on the calendar"),
    EventKind.SPAN_REMOVED: Told(sentence=_span_removed, public="it was taken off the calendar"),
}
