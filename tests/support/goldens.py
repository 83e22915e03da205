"""JSON goldens: what a view made when somebody last looked at it.

`UPDATE_GOLDENS=1 pytest tests/unit/views` writes them anew; the diff is to be read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from bot.views.blocks import Message
from tests.support.slack_limits import check_message, tokens

FOLDER = Path(__file__).parents[1] / "unit" / "views" / "goldens"


def check_golden(name: str, message: Message) -> None:
    """Assert that a message is what the golden `name` holds, and that Slack takes it."""
    body = message.to_json()
    check_message(body)
    tokens(body)
    path = FOLDER / f"{name}.json"
    text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text)
    assert path.exists(), f"no golden {name}: UPDATE_GOLDENS=1 writes it"
    assert json.loads(path.read_text()) == body
