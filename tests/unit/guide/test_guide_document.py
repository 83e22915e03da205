from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from bot.guide.part import Part
from bot.guide.schema import GuidePart
from tests.documents.guide import PATH, meanings, text


def parts(kind: Any = GuidePart) -> Iterator[type[BaseModel]]:
    """All mappings that a guide may hold."""
    if isinstance(kind, type) and issubclass(kind, Part):
        yield kind
        for field in kind.model_fields.values():
            yield from parts(field.annotation)
    for inner in get_args(kind):
        yield from parts(inner)


def test_the_page_is_as_the_schema_is_now() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "write it anew: python -m tests.documents guide"


def test_every_key_of_a_guide_has_a_meaning_in_the_schema() -> None:
    every = dict.fromkeys(parts())
    assert len(every) > 30
    for part in every:
        said = meanings(part)
        assert set(said) == set(part.model_fields)
        assert [name for name, meaning in said.items() if not meaning.endswith(".")] == [], part.__name__


def test_the_page_names_every_section_and_the_keys_of_changes() -> None:
    page = text()
    assert all(f"\n## {section}\n" in page for section in GuidePart.model_fields)
    assert "| `types.<key>.windows[].days` | weekdays, as `Mon-Fri` or `Tue, Thu` | needed |" in page
    assert "| `approvals_last` | duration, 1 hour to 90 days | `7 d` |" in page
    assert "| `holidays` | `closed` or `open` | `closed` |" in page
