"""INSERT … ON CONFLICT, which both databases read alike, as one statement for both."""

from __future__ import annotations

from sqlalchemy import ClauseElement, Insert, text
from sqlalchemy.sql import SyntaxExtension
from typing_extensions import override


class OnConflict(SyntaxExtension, ClauseElement):
    """What follows `ON CONFLICT`, as SQL: `insert(table).ext(OnConflict("(key) DO NOTHING"))`.

    The row that could not be inserted is called `excluded` there.
    """

    def __init__(self, clause: str) -> None:
        self._clause = text(f"ON CONFLICT {clause}")

    @override
    def apply_to_insert(self, insert_stmt: Insert) -> None:
        insert_stmt.apply_syntax_extension_point(lambda _existing: [self._clause], "post_values")
