"""How a call to the outside fails, in the only three ways that the outbox must tell apart."""

from __future__ import annotations

from datetime import timedelta


class DeliveryFailure(Exception):  # noqa: N818 - "failure" is the glossary's word; none of these is a bug
    """A call to the outside did not succeed. The text holds no secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(DeliveryFailure):
    """Nothing was done; the same call may succeed later.

    `retry_after` is the vendor's wish, where it named one. `lane` names what the wish holds for
    (a method, a channel, a routing key), where that is more than this one call.
    """

    def __init__(self, reason: str, *, retry_after: timedelta | None = None, lane: str | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.lane = lane


class PermanentFailure(DeliveryFailure):
    """Nothing was done, and the same call will not succeed until a person changes something."""


class UnknownOutcome(DeliveryFailure):
    """The call may or may not have been done: a timeout, or a connection cut after sending."""
