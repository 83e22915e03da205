"""Which code may take work from a database that newer code may already have changed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, literal_column, select

from storage.schema import meta

SCHEMA: Final = 1
"""The schema that this code was written for: the number of its newest migration. It stands for the
code's own age too: `meta.min_code` names the oldest schema number whose code may still claim."""


def this_code_may_claim() -> ColumnElement[bool]:
    """A condition of every claim: rows of a database that has become too new are not seen as ready."""
    return select(meta.c.min_code).where(
        meta.c.id == literal_column("1")
    ).scalar_subquery() <= literal_column(str(SCHEMA))
