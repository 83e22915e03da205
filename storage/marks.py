"""Messages that are part of timelines, as rows."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select
from typing_extensions import override

from bot.domain.card import MessageRef
from bot.domain.mark import Mark, Way
from bot.ports.rows.history import Marks
from storage.schema import marks
from storage.statements import Statements

_C = marks.c
_THERE = (_C.channel == bindparam("in_channel"), _C.ts == bindparam("at_ts"))
_AT = select(marks).where(*_THERE)
_FORGET = delete(marks).where(*_THERE)
_ADD = insert(marks)


class MarkRows(Marks):
    """Marks over one connection."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def at(self, at: MessageRef) -> Mark | None:
        row = self._statements.execute(_AT, {"in_channel": at.channel, "at_ts": at.ts}).first()
        if row is None:
            return None
        return Mark(at=at, incident=row.incident, sequence=row.sequence, by=row.by_id, way=Way(row.way))

    @override
    def add(self, mark: Mark) -> None:
        self._statements.execute(
            _ADD,
            {
                "channel": mark.at.channel,
                "ts": mark.at.ts,
                "incident": mark.incident,
                "sequence": mark.sequence,
                "by_id": mark.by,
                "way": mark.way.value,
            },
        )

    @override
    def forget(self, at: MessageRef) -> None:
        self._statements.execute(_FORGET, {"in_channel": at.channel, "at_ts": at.ts})
