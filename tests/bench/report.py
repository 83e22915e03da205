"""Figures as people read them: percentiles and plain tables."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of all values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def p50(values: Sequence[float]) -> float:
    """The median."""
    return percentile(values, 0.5)


def p99(values: Sequence[float]) -> float:
    """What one in a hundred exceeds."""
    return percentile(values, 0.99)


def show(title: str, how: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in Markdown, with a line that says how it was taken."""
    print(f"\n### {title}\n\n{how}\n")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    for line in lines:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
    print(flush=True)


def bar(reached: float, wanted: float, *, at_least: bool = False) -> str:
    """Whether a figure keeps its bar: `1.9 ≤ 2.5` or `MISSED 3.1 > 2.5`."""
    kept = reached >= wanted if at_least else reached <= wanted
    sign = ("≥" if kept else "<") if at_least else ("≤" if kept else ">")
    return f"{'' if kept else 'MISSED '}{reached:.2f} {sign} {wanted:g}"
