"""Names of groups that were found by looking, where nobody has told what Alertmanager calls them."""

from __future__ import annotations

import json

from bot.domain.alert import Labels


def look_key(receiver: str, labels: Labels) -> str:
    """The key of a group until Alertmanager tells its own."""
    return f"look:{receiver}:{json.dumps(dict(labels), sort_keys=True, ensure_ascii=False)}"
