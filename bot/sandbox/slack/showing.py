"""What Slack shows after the bot answered."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.delivery import Answer, Delivery, Kind
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Content, Message
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.places import SLACKBOT
from bot.sandbox.slack.world import World

TROUBLE = "We had some trouble connecting. Try again?"


class Showing:
    """Applies the bot's answers to the workspace."""

    def __init__(self, world: World) -> None:
        self._world = world

    def show(self, delivery: Delivery, answer: Answer) -> tuple[Message | None, str | None]:
        """Apply an answer. Returns the message that it became, and what is wrong with it, if anything."""
        try:
            if delivery.kind is Kind.COMMAND:
                return self._command(delivery, answer), answer.error
            view = self._world.modals.get(delivery.view_id or "")
            if view is not None and delivery.name == "view_submission":
                self._submission(view, answer)
        except SlackError as refusal:
            return None, answer.error or refusal.error
        return None, answer.error

    def _command(self, delivery: Delivery, answer: Answer) -> Message | None:
        workspace = self._world.workspace
        channel = workspace.channels[delivery.channel or ""]
        if answer.error is not None:
            text = f'{delivery.name} failed with the error "{answer.error}"'
            return workspace.whisper(channel, delivery.user, Content(text=text), by=SLACKBOT)
        body = {"text": answer.body} if isinstance(answer.body, str) else answer.body
        if not body or delivery.response_id is None:
            return None
        return self._world.response_urls.reply(delivery.response_id, body)

    def _submission(self, view: View, answer: Answer) -> None:
        modals = self._world.modals
        if answer.error is not None:
            modals.show_errors(view, {"": TROUBLE})
            return
        body: dict[str, Any] = answer.body if isinstance(answer.body, dict) else {}
        match body.get("response_action"):
            case None:
                modals.close(view)
            case "errors":
                modals.show_errors(view, _errors(view, body))
            case "update":
                modals.update(view, body.get("view") or {})
            case "push":
                modals.push(view.user, body.get("view") or {})
            case "clear":
                modals.close_all(view.user)
            case _:
                raise SlackError("invalid_response_action")


def _errors(view: View, body: dict[str, Any]) -> dict[str, str]:
    """The errors by block_id. Slack refuses those of blocks that are no inputs of the view."""
    errors = body.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or errors.keys() - inputs:
        raise SlackError("invalid_response_errors")
    return {str(block_id): str(text) for block_id, text in errors.items()}
