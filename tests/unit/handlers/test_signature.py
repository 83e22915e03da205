from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from handlers.signature import SigningSecrets

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
BODY = b"command=%2Fincident&text=p0+down"
STAMP = str(int(NOW.timestamp()))


def signed(secret: str = "first", timestamp: str = STAMP, body: bytes = BODY) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def refusal(
    signature: str | None, timestamp: str | None = STAMP, body: bytes = BODY, now: datetime = NOW
) -> str | None:
    secrets = SigningSecrets.of(["first", "second"])
    return secrets.refusal(timestamp=timestamp, signature=signature, body=body, now=now)


def test_a_signed_request_is_believed() -> None:
    assert refusal(signed()) is None


def test_slacks_own_example_is_believed() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    secrets = SigningSecrets.of(["8f742231b10e8888abcd99yyyzzz85a5"])
    assert (
        secrets.refusal(
            timestamp="1531420618",
            signature="v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            body=body,
            now=datetime.fromtimestamp(1531420618, UTC),
        )
        is None
    )


def test_either_secret_is_believed_while_one_replaces_the_other() -> None:
    assert refusal(signed("second")) is None


@pytest.mark.parametrize(
    "signature", [None, "", "v0=", "v0=00", signed("third"), "v0=\u00e9\u00e9", "\udcff"]
)
def test_a_missing_wrong_or_strange_signature_is_refused(signature: str | None) -> None:
    assert refusal(signature) is not None


@pytest.mark.parametrize(
    "timestamp",
    [None, "", "soon", "-1", "1.5", "1e9", " 1", "\u0661\u0662", "9" * 12, "9" * 100_000, "nan"],
)
def test_a_missing_strange_or_huge_timestamp_is_refused(timestamp: str | None) -> None:
    signature = signed(timestamp=timestamp or "")
    assert refusal(signature, timestamp) is not None


@pytest.mark.parametrize("away", [timedelta(seconds=301), timedelta(seconds=-301)])
def test_a_request_from_more_than_five_minutes_away_is_refused(away: timedelta) -> None:
    assert refusal(signed(), now=NOW + away) == "the timestamp is more than five minutes from now"


@pytest.mark.parametrize("away", [timedelta(seconds=300), timedelta(seconds=-300)])
def test_five_minutes_are_tolerated(away: timedelta) -> None:
    assert refusal(signed(), now=NOW + away) is None


def test_a_changed_body_is_refused() -> None:
    assert refusal(signed(), body=BODY + b"!") == "the signature does not match"


@pytest.mark.parametrize("none", [[], [""]])
def test_no_secret_at_all_is_an_error(none: list[str]) -> None:
    with pytest.raises(ValueError, match="no signing secret"):
        SigningSecrets.of(none)


def test_secrets_do_not_show() -> None:
    assert "first" not in repr(SigningSecrets.of(["first"]))
