"""A change's state in a word, what is still to be done, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import ChangeState, HookState, PhaseRun
from bot.domain.changes.standing import approvals as of_approvals
from bot.domain.changes.standing import lacking
from bot.domain.text import duration, listed
from bot.views.markup import Markup, bold, inert, joined, moment, plain_moment
from bot.views.status import NAME_LIMIT, name

_WORDS: Mapping[ChangeState, tuple[str, str]] = {
    ChangeState.REQUESTED: ("🟡", "Waits for approval"),
    ChangeState.APPROVED: ("🔵", "Approved"),
    ChangeState.TESTING: ("🧪", "Being tested"),
    ChangeState.DEPLOYING: ("🚀", "Being deployed"),
    ChangeState.VALIDATING: ("🔎", "Being validated"),
    ChangeState.ROLLING_BACK: ("↩️", "Being rolled back"),
    ChangeState.DONE: ("✅", "Done"),
    ChangeState.ROLLED_BACK: ("↩️", "Rolled back"),
    ChangeState.REJECTED: ("👎", "Rejected"),
    ChangeState.CANCELLED: ("⚪", "Called off"),
    ChangeState.EXPIRED: ("⌛", "Never started"),
}
_NAMES = 300
_AUTHORS = 4
_WHY = 300


def change_emoji(state: ChangeState) -> str:
    """The emoji that stands beside the state's word."""
    return _WORDS[state][0]


def change_word(state: ChangeState) -> str:
    """The state for people: `Waits for approval`."""
    return _WORDS[state][1]


def kind_title(card: ChangeCard) -> str:
    """How the guide names its type; the key of one that the guide has no more."""
    return card.kind.title if card.kind else card.change.plan.kind


def situation(card: ChangeCard, zone: tzinfo) -> Markup:
    """What is read first: its state, since when or how it ended, and what is to be done next."""
    change = card.change
    state = f"{change_emoji(change.state)} {bold(Markup(change_word(change.state)))}"
    lines = [f"{state}{_detail(card, zone)}"]
    following = to_do(card, zone)
    lines += [f"Next: {following}"] if following else []
    return Markup("\n".join(lines))


def in_words(card: ChangeCard, zone: tzinfo) -> str:
    """The state in plain words, for one line: `waits for 1 approval`."""
    change = card.change
    if change.state is ChangeState.REQUESTED:
        return f"waits for {of_approvals(lacking(change, card.now))}"
    who = change.lead if change.is_running else change.closed_by
    due = f", due {plain_moment(change.due, zone, day=card.now)}" if change.is_running and change.due else ""
    return f"{change_word(change.state).lower()}{f' by {who.name}' if who else ''}{due}"


def to_do(card: ChangeCard, zone: tzinfo) -> Markup | None:
    """What somebody has to do next; None once nobody has."""
    tell = _TO_DO.get(card.change.state)
    return tell(card, zone) if tell else None


def approvals(card: ChangeCard) -> Markup:
    """`1 of 2: Ben Sato`."""
    change = card.change
    counting = change.counting(card.now)
    if not change.needs:
        return Markup("none needed")
    names = joined((name(one.by) for one in counting), ", ", _NAMES)
    return Markup(f"{len(counting)} of {change.needs}{f': {names}' if counting else ''}")


def _detail(card: ChangeCard, zone: tzinfo) -> str:
    change = card.change
    if change.state is ChangeState.REQUESTED:
        return f" · {approvals(card)}"
    if change.is_running:
        return _running(card, zone)
    if change.is_open:
        run = change.phase
        begun = f" since {_at(run.began, card, zone)}" if change.state is ChangeState.TESTING and run else ""
        return f"{begun} · approved {approvals(card)}" if change.needs else begun
    return _over(card, zone)


def _running(card: ChangeCard, zone: tzinfo) -> str:
    change, run = card.change, card.change.phase
    since = f" since {_at(run.began, card, zone)}" if run else ""
    lead = f" · {bold(name(change.lead))}" if change.lead else ""
    if change.state is ChangeState.ROLLING_BACK:
        why = f": {inert(change.reason, _WHY)}" if change.reason else ""
        return f"{since}{f' · {bold(name(run.by))}' if run else lead}{why}"
    if change.due is None:
        return f"{since}{lead}"
    late = change.due < card.now
    due = f"⏰ {bold(Markup('was due'))} {_at(change.due, card, zone)}" if late else f"due {_due(card, zone)}"
    return f"{since} · {due}{lead}"


def _due(card: ChangeCard, zone: tzinfo) -> str:
    due = card.change.due
    return bold(_at(due, card, zone)) if due else ""


def _over(card: ChangeCard, zone: tzinfo) -> str:
    change = card.change
    who = f" by {bold(name(change.closed_by))}" if change.closed_by else ""
    at = f", {_at(change.closed, card, zone)}" if change.closed else ""
    took = f", after {duration(change.closed - change.started)}" if change.closed and change.started else ""
    why = f": {inert(change.reason, _WHY)}" if change.reason else ""
    return f"{who}{at}{took}{why}"


def _at(at: datetime, card: ChangeCard, zone: tzinfo) -> Markup:
    return moment(at, zone, day=card.now)


def _approve(card: ChangeCard, _zone: tzinfo) -> Markup:
    left = lacking(card.change, card.now)
    who = _together([inert(one.name, NAME_LIMIT) for one in card.change.authors])
    return Markup(f"{bold(Markup(of_approvals(left)))} by others than {who}")


def _together(names: list[Markup]) -> str:
    """`Ana`, `Ana and Lee`, `Ana, Lee and Kim`."""
    if len(names) > _AUTHORS:
        return listed(names, _AUTHORS)
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _begin(card: ChangeCard, zone: tzinfo) -> Markup:
    if card.kind is not None and card.kind.is_emergency:
        return Markup("start it. Testing is left out")
    return Markup(f"test it, then start it {_planned(card, zone)}")


def _start(card: ChangeCard, zone: tzinfo) -> Markup:
    return Markup(f"start it {_planned(card, zone)}")


def _planned(card: ChangeCard, zone: tzinfo) -> str:
    """When, as far as the gate lets it: who reads this would start it."""
    starts = max(card.change.plan.starts, card.now)
    opens = card.gate.opens if card.gate is not None and card.is_held else None
    if opens is not None and opens > starts:
        return f"when the gate opens, {_at(opens, card, zone)}"
    if starts > card.now:
        return _at(starts, card, zone)
    return "once the gate lets it" if card.is_held and opens is None else "now"


def _validate(_card: ChangeCard, _zone: tzinfo) -> Markup:
    return Markup("deploy it, then validate. If it goes wrong: roll it back")


def _finish(_card: ChangeCard, _zone: tzinfo) -> Markup:
    return Markup("validate it. All is well: done. If not: roll it back")


def _undo(card: ChangeCard, _zone: tzinfo) -> Markup:
    hook = card.change.hook
    if hook is not None and hook.state is not HookState.FAILED:
        return Markup("see that the webhook rolls it back, then say that it is rolled back")
    return Markup("roll it back as planned below, then say that it is rolled back")


_TO_DO: Mapping[ChangeState, Callable[[ChangeCard, tzinfo], Markup]] = {
    ChangeState.REQUESTED: _approve,
    ChangeState.APPROVED: _begin,
    ChangeState.TESTING: _start,
    ChangeState.DEPLOYING: _validate,
    ChangeState.VALIDATING: _finish,
    ChangeState.ROLLING_BACK: _undo,
}


def phase_words(run: PhaseRun, now: datetime, zone: tzinfo) -> Markup:
    """Who went through a phase, and when: `Ana Ortiz, 14:02 to 14:20`."""
    began = moment(run.began, zone, day=now)
    if run.ended is None:
        return Markup(f"{name(run.by)}, since {began}")
    other = run.ended_by is not None and run.ended_by.id != run.by.id
    by = f" by {name(run.ended_by)}" if other else ""
    if plain_moment(run.began, zone) == plain_moment(run.ended, zone):
        return Markup(f"{name(run.by)}{f', then {name(run.ended_by)}' if other else ''}, {began}")
    return Markup(f"{name(run.by)}, {began} to {moment(run.ended, zone, day=run.began)}{by}")
