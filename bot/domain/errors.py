"""What the domain refuses, in words for the person who reads them in Slack."""

from __future__ import annotations


class DomainError(Exception):
    """A request that cannot be done as asked. The text is shown to the person who asked."""


class NotFoundError(DomainError):
    """What was named does not exist."""


class AlreadyError(DomainError):
    """Nothing to do: what was asked for is already so. The text says since when and by whom."""


class StaleError(DomainError):
    """A button or message of an earlier epoch was used. The text says what is true now."""


class InvalidError(DomainError):
    """Input that means nothing here. The text says what is wrong and what is right."""


class ForbiddenError(DomainError):
    """Not this person's to do. The text says whose it is."""
