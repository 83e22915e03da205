"""What went wrong on the way: logged with its reason, and told to the one who asked."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from bot.domain.errors import DomainError
from bot.domain.guide import Guide
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.ports.store import StoreUnavailable
from bot.views.blocks import Message
from bot.views.home.reading import reading
from bot.views.replies import refusal
from handlers.after_ack import AfterAck
from handlers.inbound import Body, Kind, Payload
from handlers.replies import Reply, ephemeral, errors, refused, you_typed

_LIST = "/incident list"
_LOOKS = {**{name: name for name in ("/alerts", "/slo", "/checklist")}, "/change": "/change list"}
"""What shows what is so, by command; for any other `/incident list` does."""
_LOOKS_OF_CARDS = {
    "run": "/checklist",
    "alert": "/alerts",
    "change": "/change list",
    "calendar": "/change calendar",
}
"""The same for buttons and forms, by the first word of their ids."""

_log = logging.getLogger(__name__)


class Failures:
    """Turns an exception into a reply, by what it answers."""

    def __init__(self, *, guide: Guide, replies: Replies, after_ack: AfterAck) -> None:
        self._guide = guide
        self._replies = replies
        self._after_ack = after_ack

    def reply(self, error: Exception, payload: Payload) -> Reply:
        """A command is told at once; a button by its `response_url`; an event is left to be sent again."""
        body = payload.body
        _record(error, payload)
        match payload.kind:
            case Kind.COMMAND:
                typed = f"{body['command']} {body.get('text', '')}"
                return Reply(body=json.dumps(ephemeral(self._explained(error, typed))))
            case Kind.ACTION:
                look = _look_of(body["actions"][0].get("action_id"))
                self._tell_presser(body, self._explained(error, None, look))
                return Reply()
            case Kind.EVENT:
                return Reply(status=HTTPStatus.SERVICE_UNAVAILABLE)
            case Kind.SHORTCUT:
                self._tell_presser(body, self._explained(error, None))
                return Reply()
            case Kind.VIEW:
                return self._beside(body, error)
            case Kind.OTHER:
                return Reply(status=HTTPStatus.INTERNAL_SERVER_ERROR)

    def _beside(self, body: Body, error: Exception) -> Reply:
        """The form stays open with all that was filled in; its first input says what went wrong."""
        blocks = body["view"].get("blocks") or ()
        inputs = [block.get("block_id") for block in blocks if block.get("type") == "input"]
        if not inputs:
            return Reply(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        if isinstance(error, DomainError):
            return errors({str(inputs[0]): str(error).replace("`", "")})
        look = _look_of(body["view"].get("callback_id"))
        text = f"{_what(error, look)} In an emergency page by hand: {self._by_hand()}."
        return errors({str(inputs[0]): text.replace("`", "")})

    def _explained(self, error: Exception, typed: str | None, look: str = _LIST) -> Message:
        if isinstance(error, DomainError):
            return refused(error, typed=typed)
        asked = (typed or "").partition(" ")[0]
        look = _LOOKS.get(asked, look)
        return refusal(
            f"{_what(error, look)} In an emergency page by hand: {self._by_hand()}.{you_typed(typed)}"
        )

    def _by_hand(self) -> str:
        return "; ".join(f"{contact.title} ({contact.how})" for contact in self._guide.contacts)

    def _tell_presser(self, body: Body, message: Message) -> None:
        response_url = body.get("response_url")
        if isinstance(response_url, str):
            self._after_ack.start(
                self._replies.respond(response_url, text=message.text, blocks=message.blocks),
                what="telling of a failed button",
            )
        elif body.get("view"):  # pressed where no message could stand: in a Home tab, or in a window
            self._after_ack.start(
                self._tell_in_window(body["trigger_id"], message), what="telling of a failed button"
            )

    async def _tell_in_window(self, trigger: str, message: Message) -> None:
        await self._replies.open_view(trigger, reading("This went wrong", message))


def _look_of(name: object) -> str:
    """The line that shows what became of a button or a form, by its id."""
    return _LOOKS_OF_CARDS.get(str(name).partition(".")[0], _LIST)


def _what(error: Exception, look: str) -> str:
    """What went wrong, and where is to be looked (a command) whether it was done."""
    match error:
        case StoreUnavailable():
            return (
                "The database does not answer: nothing was recorded as far as is known. "
                f"Look at `{look}` once it answers again."
            )
        case DeliveryFailure():
            return (
                f"Slack does not open the form: {error.reason} In one line: `/incident p0 checkout is down`."
            )
        case TimeoutError():
            return (
                f"opsbot is too slow to answer; it may still be done. Look at `{look}` before you try again."
            )
        case _:
            return (
                f"opsbot failed, and cannot say whether it was done. Look at `{look}` before you try again."
            )


def _record(error: Exception, payload: Payload) -> None:
    if isinstance(error, DomainError):
        return  # a refusal is no failure
    body = payload.body
    delivery = body.get("event_id") or body.get("trigger_id")
    if isinstance(error, StoreUnavailable | TimeoutError | DeliveryFailure):
        _log.error("%s %s was not carried out: %s", payload.kind, delivery, str(error) or "too slow")
    else:
        _log.error("%s %s failed", payload.kind, delivery, exc_info=error)
