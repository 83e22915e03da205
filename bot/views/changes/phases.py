"""The phases of a change, as the guide names them: which are behind it, which it is in, which come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.domain.change_policy import ChangePhase, Phase
from bot.domain.changes.card import ChangeCard
from bot.views.changes.states import phase_words
from bot.views.markup import Markup, bold, inert

_DONE, _NOW, _AHEAD, _LEFT_OUT = "✅", "▶️", "▫️", "⚠️"
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
            mark = _NOW if run.ended is None and card.change.is_open else _DONE
            lines.append(f"{mark} {bold(title)} · {phase_words(run, card.now, zone)}")
            told = run.note == card.change.reason  # above, with how it ended
            lines += [f"      {inert(run.note, _NOTE)}"] if run.note and not told else []
        elif phase.phase is Phase.TESTING and card.change.started is not None:
            lines.append(f"{_LEFT_OUT} {bold(title)} · not tested")
        elif card.change.is_open:
            coming.append(title)
    if coming:
        lines.append(f"{_AHEAD} {' · '.join(coming)}")
    return Markup("\n".join(lines))


def _shown(card: ChangeCard) -> Iterator[ChangePhase]:
    """The guide's phases in order; that of taking it back only where it is, or was."""
    for phase in card.phases:
        if phase.phase is not Phase.ROLLBACK or card.change.run_of(Phase.ROLLBACK) is not None:
            yield phase
