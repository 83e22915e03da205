"""How bad an incident is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """P0 is the worst. The order of the members is the order of urgency."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @property
    def rank(self) -> int:
        """0 for P0 to 3 for P3: lower is more urgent."""
        return int(self.value[1])

    def is_worse_than(self, other: Severity) -> bool:
        """Whether this severity is more urgent than `other`."""
        return self.rank < other.rank

    def raised(self) -> Severity | None:
        """The next more urgent severity, or None at P0."""
        return Severity(f"P{self.rank - 1}") if self.rank else None

    def lowered(self) -> Severity | None:
        """The next less urgent severity, or None at P3."""
        return Severity(f"P{self.rank + 1}") if self.rank < len(Severity) - 1 else None
