"""JSON goldens: what a view made when somebody last looked at it.

`UPDATE_GOLDENS=1 pytest tests/unit/views` writes them anew; the diff is to be read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.views.blocks import Message
from bot.views.inputs import View
from tests.support.slack_limits import check_home, check_message, tokens

FOLDER = Path(__file__).parents[1] / "unit" / "views" / "goldens"


def check_golden(name: str, message: Message) -> None:
    """Assert that a message is what the golden `name` holds, and that Slack takes it."""
    body = message.to_json()
    check_message(body)
    tokens(body)
    _compare(name, body)


def check_home_golden(name: str, view: View) -> None:
    """The same of a Home tab."""
    check_home(view)
    tokens({"text": "", **view})
    _compare(name, view)


def _compare(name: str, body: Mapping[str, Any]) -> None:
    path = FOLDER / f"{name}.json"
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text)
    assert path.exists(), f"no golden {name}: UPDATE_GOLDENS=1 writes it"
    assert json.loads(path.read_text()) == body
