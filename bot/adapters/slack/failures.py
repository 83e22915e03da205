"""What Slack's refusals mean, and what an operator can do about them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

import aiohttp

from bot.domain.text import clean
from bot.ports.chat import CardGoneError
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome

POST_LANE = "slack/chat.postMessage"
UPDATE_LANE = "slack/chat.update"
HOME_LANE = "slack/views.publish"

LONGEST_WAIT = timedelta(hours=1)
"""A longer wish is cut: a card is not put off for longer by one answer."""

RATE_WAIT = timedelta(seconds=5)
"""How long to wait where Slack names no time."""

MEND_WAIT = timedelta(seconds=60)
"""How long to wait for a person to mend what Slack refuses: a token, an invitation."""

_TOO_MANY = 429
_FIRST_5XX = 500
_DETAIL_LIMIT = 300


class Effect(Enum):
    """What doing a call twice would do."""

    ADDS = auto()  # a second message
    SETS = auto()  # nothing more
    READS = auto()  # nothing at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call: the method, what doing it twice would do, and where, as an operator knows the place.

    `lane` is what a rate limit on it holds up. `may_be_mended`: what a person can mend is waited for.
    """

    method: str
    effect: Effect
    where: str = "the channel"
    lane: str | None = None
    may_be_mended: bool = True


class ThreadGoneError(PermanentFailure):
    """The message whose thread was to be answered is no more."""


def refusal(errand: Errand, status: int, headers: Mapping[str, str], body: Any) -> DeliveryFailure:
    """The failure that an answer stands for. `body` is decoded JSON, or whatever else came."""
    answer = body if isinstance(body, Mapping) else {}
    error = str(answer.get("error") or "")
    if status == _TOO_MANY or error in _RATE_LIMITS:
        return TemporaryFailure(
            f"Slack takes no more calls of {errand.method} for now.",
            retry_after=retry_after(headers) or RATE_WAIT,
            lane=errand.lane,
        )
    if error in _PASSING:
        return TemporaryFailure(f"Slack cannot do {errand.method} just now ({error}).")
    if status >= _FIRST_5XX or error in _HALF_DONE or not error:
        return half_done(errand, f"Slack failed at {errand.method} ({error or f'HTTP {status}'}).")
    if error in _CARD_GONE:
        return CardGoneError(f"{_NOT_EDITABLE.format(where=errand.where)} ({errand.method}: {error})")
    if error in _THREAD_GONE:
        return ThreadGoneError(f"The thread in {errand.where} is gone ({error}).")
    advice = f"{_advice(error, errand, answer)} ({errand.method}: {error})"
    waits = errand.may_be_mended and errand.effect is not Effect.READS
    if error in _MENDABLE and waits:
        return TemporaryFailure(advice, retry_after=MEND_WAIT)
    return PermanentFailure(advice)


def code_of(failure: DeliveryFailure) -> str | None:
    """Slack's own word for a refusal; None where it gave none."""
    response: Any = getattr(failure.__cause__, "response", None)
    answer = getattr(response, "data", None)
    return str(answer["error"]) if isinstance(answer, Mapping) and answer.get("error") else None


def broken(errand: Errand, error: Exception) -> DeliveryFailure:
    """The failure that a broken connection stands for. Nothing of a URL is told."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError):
        why = error.os_error.strerror or kind
        return TemporaryFailure(f"Slack cannot be reached ({why}).")
    if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp.ClientHttpProxyError):
        return TemporaryFailure(f"Slack cannot be reached ({kind}).")
    if isinstance(error, aiohttp.InvalidURL):
        return PermanentFailure("SLACK_API_URL is no address that can be called.")
    if isinstance(error, TimeoutError):
        return cut_off(errand, f"Slack did not answer {errand.method} in time.")
    return cut_off(errand, f"The connection to Slack broke in {errand.method} ({kind}).")


def half_done(errand: Errand, reason: str) -> DeliveryFailure:
    """Slack answered that it failed: only what adds something may have been done half."""
    return UnknownOutcome(reason) if errand.effect is Effect.ADDS else TemporaryFailure(reason)


def cut_off(errand: Errand, reason: str) -> DeliveryFailure:
    """No answer came: what changes something may have been done."""
    return TemporaryFailure(reason) if errand.effect is Effect.READS else UnknownOutcome(reason)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long Slack asks to wait, in whole seconds."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))


def _advice(error: str, errand: Errand, answer: Mapping[str, Any]) -> str:
    where = errand.where
    if error in _TOKEN:
        return "Slack does not accept the token: set SLACK_BOT_TOKEN to the installed app's bot token, xoxb-…"
    if error == "missing_scope":
        needed = clean(str(answer.get("needed") or "?"), _DETAIL_LIMIT)
        return f"The bot's token lacks the scope {needed}: add it to the app and reinstall the app."
    if error in _UNFIT:
        return f"Slack refuses the message itself, which is a bug in opsbot{_details(answer)}."
    return _ADVICE.get(error, "Slack refuses.").format(where=where)


def _details(answer: Mapping[str, Any]) -> str:
    """Slack's own words on what is wrong with blocks; they hold places, no text."""
    metadata = answer.get("response_metadata")
    said = metadata.get("messages") if isinstance(metadata, Mapping) else None
    said = said or answer.get("messages") or answer.get("errors")
    if not isinstance(said, list):
        return ""
    return ": " + clean("; ".join(str(one) for one in said), _DETAIL_LIMIT)


_RATE_LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_PASSING = {"service_unavailable", "request_timeout", "team_added_to_org", "org_login_required"}
_HALF_DONE = {"internal_error", "fatal_error"}
_CARD_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_THREAD_GONE = {"thread_not_found", "cannot_reply_to_message"}
_TOKEN = {
    "not_authed",
    "invalid_auth",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
    "user_removed_from_team",
}
_MENDABLE = _TOKEN | {
    "missing_scope",
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
}
_UNFIT = {
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_arguments",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "metadata_too_large",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "view_too_large",
}
_NOT_EDITABLE = "The card's message in {where} is gone or can no longer be edited."
_ADVICE = {
    "channel_not_found": "Slack shows the bot no channel {where}: create it, or invite the bot to it.",
    "not_in_channel": "The bot is not in {where}: invite the bot to {where}.",
    "is_archived": "{where} is archived: unarchive it, or name another channel in the guide.",
    "restricted_action": "The workspace's settings do not let the bot post in {where}.",
    "restricted_action_read_only_channel": "{where} is read-only: let the bot post there.",
    "restricted_action_thread_only_channel": "{where} takes only threads: let the bot post there.",
    "user_not_in_channel": "The person is not in {where}, and sees nothing there.",
    "not_enabled": "The app has no Home tab: turn home_tab_enabled on in it, as in manifests/slack-app.yaml.",
    "expired_trigger_id": "The window came too late: try once more.",
}
