"""Why a query is not answered."""

from __future__ import annotations


class QueryError(Exception):
    """A query that Prometheus refuses: 400, `bad_data`."""


class UnknownError(QueryError):
    """A query that Prometheus may well answer, and the stand-in does not know how to."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(f"{at + 1}: generated data: this stand-in does not know {what}")


class ParseError(QueryError):
    """A query that is no PromQL. `at` counts its characters from 0."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(f"{at + 1}: parse error: {what}")


class ExecutionError(Exception):
    """A query that fails over these series: 422, `execution`."""


class QueryTimeoutError(Exception):
    """A query that took longer than it may: 503, `timeout`."""

    def __init__(self) -> None:
        super().__init__("query timed out in expression evaluation")
