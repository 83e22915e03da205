"""The phases of a change, as the guide names them: which are behind it, which it is in, which come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.domain.change_policy import ChangePhase, Phase
from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import Change, ChangeState, PhaseRun
from bot.views.changes.states import change_word, phase_words
from bot.views.markup import Markup, bold, inert

_DONE, _NOW, _AHEAD, _LEFT_OUT, _BROKEN_OFF = "✅", "▶️", "▫️", "⚠️", "⏹️"
_ENDED_BADLY = frozenset({ChangeState.REJECTED, ChangeState.CANCELLED, ChangeState.EXPIRED})
_TITLE = 60
_NOTE = 160


def phase_lines(card: ChangeCard, zone: tzinfo) -> Markup:
    """A line for each phase that has begun, and one for all that come."""
    lines: list[str] = []
    coming: list[str] = []
    for phase in _shown(card):
        run = card.change.run_of(phase.phase)
        title = inert(phase.title, _TITLE)
        if run is not None:
            mark, word = _how(run, card.change)
            lines.append(f"{mark} {bold(title)}{word} · {phase_words(run, card.now, zone)}")
            told = run.note == card.change.reason  # above, with how it ended
            lines += [f"      {inert(run.note, _NOTE)}"] if run.note and not told else []
        elif phase.phase is Phase.TESTING and card.change.started is not None:
            lines.append(f"{_LEFT_OUT} {bold(title)} · not tested")
        elif card.change.is_open and card.change.state is not ChangeState.ROLLING_BACK:
            coming.append(title)
    if coming:
        lines.append(f"{_AHEAD} {' · '.join(coming)}")
    return Markup("\n".join(lines))


def _how(run: PhaseRun, change: Change) -> tuple[str, str]:
    """How a phase went, as an emoji, and as a word where it did not end well."""
    if run.ended is None and change.is_open:
        return _NOW, ""
    is_last = run is change.phases[-1]
    if is_last and change.state in _ENDED_BADLY:
        return _BROKEN_OFF, f" · {change_word(change.state).lower()}"
    back = change.run_of(Phase.ROLLBACK)
    # what was taken back after it was done had ended well before
    if back is not None and run is not back and run.ended == back.began:
        return _BROKEN_OFF, " · broken off"
    return _DONE, ""


def _shown(card: ChangeCard) -> Iterator[ChangePhase]:
    """The guide's phases in order; that of taking it back only where it is, or was."""
    for phase in card.phases:
        if phase.phase is not Phase.ROLLBACK or card.change.run_of(Phase.ROLLBACK) is not None:
            yield phase
