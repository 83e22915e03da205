"""The guide that the package carries, as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from bot.guide.document import Place, filled

SHIPPED = "operations-guide.yaml"


def shipped() -> bytes:
    """The file's content."""
    return files("manifests").joinpath(SHIPPED).read_bytes()


def write_copy(to: Path, *, mentions: Mapping[str, Sequence[str]]) -> None:
    """Write the shipped guide to a file, its tiers mentioning these Slack user groups (ids, by tier)."""
    lists: dict[Place, Sequence[str]] = {
        ("tiers", tier, "mention", "groups"): groups for tier, groups in mentions.items()
    }
    to.write_text(filled(shipped().decode(), lists), encoding="utf-8")
