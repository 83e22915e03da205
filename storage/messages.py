"""Which message shows which subject, as rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, literal_column, select, update
from typing_extensions import override

from bot.domain.card import MessageRef
from bot.domain.face import Face
from bot.ports.rows.places import Messages
from storage.schema import messages
from storage.statements import Statements

_C = messages.c

_OF = (
    select(_C.channel, _C.ts)
    .where(_C.subject == bindparam("of"), _C.face == bindparam("as_face"))
    .order_by(_C.sequence.desc())
    .limit(1)
)
_SUBJECT_AT = select(_C.subject).where(_C.channel == bindparam("in_channel"), _C.ts == bindparam("at_ts"))
_FORGET = delete(messages).where(_C.channel == bindparam("in_channel"), _C.ts == bindparam("at_ts"))
_FORGET_CHANNEL = delete(messages).where(_C.channel == bindparam("in_channel"))
_TURN = (
    update(messages)
    .where(_C.subject == bindparam("of"), _C.face == bindparam("as_face"))
    .values(face=bindparam("into"))
)
_OF_OTHERS: Final[list[ColumnElement[str]]] = [
    literal_column(f"'{face.value}'") for face in (Face.ALERT, Face.CALL, Face.RUN, Face.CHANGE, Face.SPAN)
]
_NEWEST_IN = (
    select(_C.subject)
    .where(_C.channel == bindparam("in_channel"), _C.face.not_in(_OF_OTHERS))
    .order_by(_C.sequence.desc())
    .limit(1)
)
_LAST = select(func.max(_C.sequence))
_SAVE = insert(messages)


class MessageRows(Messages):
    """Messages over one connection. A subject's older messages go on saying whose threads they are."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def of(self, subject: str, face: Face) -> MessageRef | None:
        row = self._statements.execute(_OF, {"of": subject, "as_face": face.value}).first()
        return MessageRef(channel=row.channel, ts=row.ts) if row else None

    @override
    def newest_in(self, channel: str) -> str | None:
        found: str | None = self._statements.scalar(_NEWEST_IN, {"in_channel": channel})
        return found

    @override
    def last(self) -> int:
        return int(self._statements.scalar(_LAST, {}) or 0)

    @override
    def subject_at(self, at: MessageRef) -> str | None:
        found: str | None = self._statements.scalar(_SUBJECT_AT, {"in_channel": at.channel, "at_ts": at.ts})
        return found

    @override
    def save(self, subject: str, face: Face, at: MessageRef) -> None:
        self.forget(at)
        values = {"subject": subject, "face": face.value, "channel": at.channel, "ts": at.ts}
        self._statements.execute(_SAVE, values)

    @override
    def forget(self, at: MessageRef) -> None:
        self._statements.execute(_FORGET, {"in_channel": at.channel, "at_ts": at.ts})

    @override
    def forget_channel(self, channel: str) -> None:
        self._statements.execute(_FORGET_CHANNEL, {"in_channel": channel})

    @override
    def turn(self, subject: str, face: Face, into: Face) -> None:
        self._statements.execute(_TURN, {"of": subject, "as_face": face.value, "into": into.value})
