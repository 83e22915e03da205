"""Why a store cannot be opened, in words for the operator."""

from __future__ import annotations

from bot.ports.store import StoreUnavailable


class StoreRefused(StoreUnavailable):
    """The database is there, but this process may not work with it. The text says what to do."""


class StoreBusy(StoreRefused):
    """Another process holds the SQLite file."""


class SchemaOutdated(StoreRefused):
    """The database's schema is older than this code: it has to be migrated first."""


class CodeOutdated(StoreRefused):
    """This code is older than the database allows."""
