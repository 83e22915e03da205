from __future__ import annotations

import subprocess
import sys

import pytest

from bot.ports.store import StoreUnavailable
from storage.open import open_store, parse
from tests.support.clock import FakeClock


@pytest.mark.parametrize(
    "url", ["mysql://user:hunter2@host/db", "hunter2", "", "postgresql+psycopg://u:hunter2@h/d"]
)
def test_an_unknown_url_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as refusal:
        parse(url)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "scheme", ["postgresql", "postgres", "postgresql+asyncpg", "sqlite", "sqlite+aiosqlite"]
)
def test_the_usual_spellings_are_known(scheme: str) -> None:
    assert parse(f"{scheme}://host/db").drivername == scheme


async def test_an_unreachable_database_is_named_without_its_password() -> None:
    url = "postgresql+asyncpg://opsbot:hunter2@127.0.0.1:1/ops"
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1/ops does not answer") as failure:
        await open_store(url, clock=FakeClock())
    assert "hunter2" not in str(failure.value)


@pytest.mark.parametrize(("store", "other"), [("sqlite", "asyncpg"), ("postgresql", "aiosqlite")])
def test_one_stores_driver_is_not_loaded_for_the_other(store: str, other: str) -> None:
    code = f"import storage.{store}, sys; print([name in sys.modules for name in ('{other}', 'alembic')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[False, False]"
