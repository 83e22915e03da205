from __future__ import annotations

from dataclasses import is_dataclass
from types import ModuleType

import pytest

from handlers import alert_grammar, change_grammar, checklist_grammar, grammar, lines
from handlers.commands.doers import looker, together
from handlers.commands.looking import Looking
from handlers.words.looking import Help
from tests.support.front import Front, StoppedClock


def test_everything_that_can_be_asked_is_carried_out() -> None:
    modules = (lines, *(one for one in vars(grammar).values() if isinstance(one, ModuleType)))
    asked: set[object] = {
        one
        for module in modules
        for one in vars(module).values()
        if is_dataclass(one) and hasattr(one, "line")
    }
    assert asked == set(Front().command().kinds)


def test_everything_that_can_be_asked_about_alerts_is_carried_out() -> None:
    modules = (lines, *(one for one in vars(alert_grammar).values() if isinstance(one, ModuleType)))
    asked: set[object] = {
        one
        for module in modules
        for one in vars(module).values()
        if is_dataclass(one) and hasattr(one, "line")
    }
    assert asked == set(Front().alert_command().kinds)


def test_everything_that_can_be_asked_about_checklists_is_carried_out() -> None:
    modules = (lines, *(one for one in vars(checklist_grammar).values() if isinstance(one, ModuleType)))
    asked: set[object] = {
        one
        for module in modules
        for one in vars(module).values()
        if is_dataclass(one) and hasattr(one, "line")
    }
    assert asked == set(Front().checklist_command().kinds)


def test_everything_that_can_be_asked_about_changes_is_carried_out() -> None:
    modules = (lines, *(one for one in vars(change_grammar).values() if isinstance(one, ModuleType)))
    asked: set[object] = {
        one
        for module in modules
        for one in vars(module).values()
        if is_dataclass(one) and hasattr(one, "line")
    }
    assert asked == set(Front().change_command().kinds)


def test_no_command_has_two_doers() -> None:
    looking = Looking(reader=Front().reader, clock=StoppedClock())
    with pytest.raises(AssertionError, match="two doers"):
        together((looking.doers, looker(Help, looking._help)))
