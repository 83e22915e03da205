"""Which message shows which subject, as rows."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select
from typing_extensions import override

from bot.domain.card import MessageRef
from bot.ports.store import Messages
from storage.schema import messages
from storage.statements import Statements

_C = messages.c

_OF = select(_C.channel, _C.ts).where(_C.subject == bindparam("of")).order_by(_C.sequence.desc()).limit(1)
_SUBJECT_AT = select(_C.subject).where(_C.channel == bindparam("in_channel"), _C.ts == bindparam("at_ts"))
_FORGET = delete(messages).where(_C.channel == bindparam("in_channel"), _C.ts == bindparam("at_ts"))
_SAVE = insert(messages)


class MessageRows(Messages):
    """Messages over one connection. A subject's older messages go on saying whose threads they are."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @override
    def of(self, subject: str) -> MessageRef | None:
        row = self._statements.execute(_OF, {"of": subject}).first()
        return MessageRef(channel=row.channel, ts=row.ts) if row else None

    @override
    def subject_at(self, at: MessageRef) -> str | None:
        found: str | None = self._statements.scalar(_SUBJECT_AT, {"in_channel": at.channel, "at_ts": at.ts})
        return found

    @override
    def save(self, subject: str, at: MessageRef) -> None:
        self.forget(at)
        self._statements.execute(_SAVE, {"subject": subject, "channel": at.channel, "ts": at.ts})

    @override
    def forget(self, at: MessageRef) -> None:
        self._statements.execute(_FORGET, {"in_channel": at.channel, "at_ts": at.ts})
