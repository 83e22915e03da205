"""How it is told who is reached, who is not, and what PagerDuty says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.event import Event, EventKind
from bot.domain.subject_card import EscalatingCard
from bot.domain.text import duration
from bot.views.told.telling import Told, text


def _paged(event: Event, card: EscalatingCard) -> str:
    title = text(event, "title", "Somebody")
    if event.data.get("reason") == "asked":
        return f"{event.actor.name} escalated to {title}."
    if event.data.get("late"):
        return f"{title} paged late: opsbot was away when it was time."
    return f"{title} paged{_because(event, card)}."


def _because(event: Event, card: EscalatingCard) -> str:
    step = event.data.get("step")
    path = card.subject.path
    if not isinstance(step, int) or step <= 0 or not path.rungs:
        return ""
    if path.rung(step).tier != event.data.get("tier"):
        return ""  # the severity has changed since, and the path with it
    waited = f" in {duration(path.response)}" if path.response else ""
    if path.is_repeat(step):
        return f" again: nobody acknowledged{waited}"
    return f": {path.rung(step - 1).title} did not acknowledge{waited}"


def unreached(event: Event, *, mentioned: bool) -> str:
    """Somebody was to be paged and could not be; `mentioned` says that the line mentions them instead."""
    title = text(event, "title", "A tier")
    asked = f"{event.actor.name} escalated to {title}. " if event.data.get("reason") == "asked" else ""
    here = ", mentioned here" if mentioned else ""
    why = text(event, "why", "has no PagerDuty routing key")
    return f"⚠️ {asked}{title} {why}: not paged{here}."


def _mentioned(event: Event, card: EscalatingCard) -> str:
    label, step = card.subject.label, event.data.get("step")
    if event.data.get("reason") == "asked":
        return f"{event.actor.name} asks {card.team} to look at {label}."
    still = "still " if isinstance(step, int) and step > 0 else ""
    return f"{card.team}: {label} is {still}not acknowledged."


def _exhausted(event: Event, card: EscalatingCard) -> str:
    path = card.subject.path
    tried = text(event, "tried", "nobody")
    after = "Nobody is paged any more."
    if event.data.get("repeats") and path.rungs:
        every = f" every {duration(path.response)}" if path.response else ""
        after = f"Paging {path.rungs[-1].title} again{every}."
    return f"🚨 Nobody has acknowledged {card.subject.label}. Tried: {tried}. {after}"


def _unconfirmed(event: Event, _card: EscalatingCard) -> str:
    title = text(event, "title", "a tier")
    return (
        f"⚠️ PagerDuty took the page for {title} but shows no incident for it: "
        "somebody may not be notified. Call them."
    )


def _failing(event: Event, _card: EscalatingCard) -> str:
    title, reason = text(event, "title", "a tier"), text(event, "reason").rstrip(".")
    why = f" ({reason})" if reason else ""
    return f"⚠️ PagerDuty does not take the page for {title}{why}. Still trying. Call them."


def _taken(event: Event, _card: EscalatingCard) -> str:
    seconds = event.data.get("after_s")
    after = f" after {duration(timedelta(seconds=seconds))}" if isinstance(seconds, int) else ""
    return f"PagerDuty took the page for {text(event, 'title', 'a tier')}{after}."


def _pager_changed(event: Event, _card: EscalatingCard) -> str:
    status = text(event, "status", "changed")
    return (
        f"PagerDuty has {status} its incident, and does not say that a person did. "
        "Here nothing changes: paging goes on until somebody acknowledges."
    )


def _delivery_died(event: Event, _card: EscalatingCard) -> str:
    kind = text(event, "delivery", "delivery").replace("_", " ")
    reason = text(event, "reason").rstrip(".")
    where = _GIVEN_UP.get(kind, "Look into PagerDuty yourself")
    return f"⚠️ Given up ({kind}): {reason or 'no reason was given'}. {where}."


_GIVEN_UP = {
    "card": "`/incident show` has the state",
    "alert": "`/alerts` has the state",
    "run": "`/checklist` has the state",
    "call": "`/page list` has the state",
    "draft": "`/incident postmortem` tries again",
    "leadership": "Tell the business's stakeholders yourself",
}

TOLD: Mapping[EventKind, Told] = {
    EventKind.PAGED: Told(
        sentence=_paged,
        public="somebody is being paged",
    ),
    EventKind.MENTIONED: Told(
        sentence=_mentioned,
        public="waits for somebody to acknowledge it",
    ),
    EventKind.EXHAUSTED: Told(
        sentence=_exhausted,
        public="nobody has acknowledged it, and everybody on its path was tried",
    ),
    EventKind.PAGE_CONFIRMED: Told(
        sentence=lambda event, _: (
            f"PagerDuty shows an incident for the page of {text(event, 'title', 'a tier')}."
        ),
        public="a page is confirmed",
    ),
    EventKind.PAGE_UNCONFIRMED: Told(
        sentence=_unconfirmed,
        public="a page is not confirmed; somebody may not be notified. Call them",
    ),
    EventKind.PAGE_FAILING: Told(
        sentence=_failing,
        public="a page is not taken. Still trying. Call them",
    ),
    EventKind.PAGE_TAKEN: Told(
        sentence=_taken,
        public="the page is taken after all",
    ),
    EventKind.PAGER_CHANGED: Told(
        sentence=_pager_changed,
        public="PagerDuty's incident for it has changed",
    ),
    EventKind.DELIVERY_DIED: Told(
        sentence=_delivery_died,
        public="something could not be delivered",
    ),
}
