"""Where a guide's runbooks are: an address or a folder, and what is missing there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.guide.finding import Finding, GuideError, Level
from bot.guide.load import check_guide, load_guide
from bot.guide.shipped import shipped

SHIPPED = shipped().decode()
BASE, FOLDER = "  # base: https://docs.example.com/runbooks", "  # folder: runbooks"


def written(to: Path, *changes: tuple[str, str]) -> Path:
    text = SHIPPED
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = to / "guide.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def of_runbooks(path: Path) -> list[Finding]:
    return [
        one
        for one in check_guide(path)
        if "runbooks" in one.text or ".md" in one.text or one.level is Level.ERROR
    ]


def test_a_folder_is_relative_to_the_guides_file_and_makes_its_runbooks_readable(tmp_path: Path) -> None:
    path = written(tmp_path, (FOLDER, "  folder: docs/runbooks"))
    guide = load_guide(path)
    assert guide.runbook_folder == tmp_path / "docs" / "runbooks"
    assert all(book.is_readable and book.url is None for book in guide.runbooks.values())
    absolute = load_guide(written(tmp_path, (FOLDER, "  folder: /srv/runbooks")))
    assert absolute.runbook_folder == Path("/srv/runbooks")


def test_without_either_only_names_are_known_which_is_a_hint(tmp_path: Path) -> None:
    path = written(tmp_path)
    [found] = of_runbooks(path)
    assert found.text == (
        "runbooks are names only: fill in where they are, set runbooks.base or runbooks.folder"
    )
    assert path.read_text().splitlines()[found.line - 1] == "runbooks:"
    assert not any(book.is_readable for book in load_guide(path).runbooks.values())


def test_both_are_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, (BASE, "  base: https://a.example/b"), (FOLDER, "  folder: runbooks"))
    [found] = of_runbooks(path)
    assert (found.level, found.text) == (Level.ERROR, "runbooks have either a base or a folder, not both")
    with pytest.raises(GuideError):
        load_guide(path)


def test_a_folder_that_is_not_there_and_a_file_that_is_not_in_it_are_warnings(tmp_path: Path) -> None:
    path = written(tmp_path, (FOLDER, "  folder: runbooks"))
    [found] = of_runbooks(path)
    assert found.text == 'there is no folder "runbooks" beside the guide'
    folder = tmp_path / "runbooks"
    folder.mkdir()
    for book in load_guide(path).runbooks.values():
        if book.key != "database-operations":
            (folder / book.file).write_text("1. Look\n", encoding="utf-8")
    [found] = of_runbooks(path)
    assert found.text == '"database-operations.md" is not in the folder "runbooks"'
    assert "file: database-operations.md" in path.read_text().splitlines()[found.line - 1]


def test_tags_are_read(tmp_path: Path) -> None:
    tagged = (
        "        file: payment-operations.md",
        "        file: payment-operations.md\n        tags: [psp]",
    )
    assert load_guide(written(tmp_path, tagged)).runbooks["payment-operations"].tags == ("psp",)
