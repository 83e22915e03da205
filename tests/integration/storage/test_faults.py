"""Which errors pass by themselves, by what the server has said, or has not."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from storage.faults import Fault, sort


class _SaidError(Exception):
    """An error of the driver's, with the server's code where it gave one."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("connection is closed")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "fault"),
    [
        (None, Fault.PASSING),
        ("", Fault.PASSING),
        ("08006", Fault.PASSING),
        ("40001", Fault.PASSING),
        ("57P01", Fault.PASSING),
        ("23505", Fault.RACE),
        ("25006", Fault.MOVED),
        ("53300", Fault.LASTING),
        ("42601", Fault.OURS),
        ("22000", Fault.OURS),
    ],
)
def test_an_error_is_what_the_server_says_and_without_a_word_it_is_the_connections(
    sqlstate: str | None, fault: Fault
) -> None:
    assert sort(DBAPIError("SELECT 1", {}, _SaidError(sqlstate))) is fault


def test_a_broken_socket_passes() -> None:
    assert sort(ConnectionResetError()) is Fault.PASSING
