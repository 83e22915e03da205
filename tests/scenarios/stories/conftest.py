from __future__ import annotations

from tests.support.databases import database_url, postgresql_server
from tests.support.worlds import a_world, either_world, world

__all__ = ["a_world", "database_url", "either_world", "postgresql_server", "world"]
