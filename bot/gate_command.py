"""`opsbot gate`: asks a running bot whether something may be changed now, for pipelines.

Exit codes: 0 it may, 1 it may not, 2 nobody knows, or it could not be asked. So only a clear yes is one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, Final, TextIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from typing_extensions import override

from bot.domain.text import clean, duration
from bot.environment import SettingsError
from bot.settings import GateAccess, read_gate_access

ALLOWED, DENIED, UNKNOWN = 0, 1, 2

_SECONDS = 10.0
_LARGEST = 1024 * 1024
_LONGEST_LINE = 400
_MARKS: Final = {"denies": "no", "unknown": "?", "warns": "warn", "supports": "ok"}
_CODES: Final = {"allow": ALLOWED, "deny": DENIED}
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what is listened on


class GateError(Exception):
    """The bot could not be asked, or did not answer as it should. The text says what is right."""


def gate_command(options: argparse.Namespace, access: GateAccess, out: TextIO, err: TextIO) -> int:
    """Ask, print, and say it by the exit code."""
    asked = {"service": options.service, "type": options.kind, "change": options.change}
    asked["require_change"] = "1" if options.require_change else None
    try:
        answer = _ask(options.url, access, {name: value for name, value in asked.items() if value})
    except GateError as error:
        print(f"opsbot: {error}", file=err)
        return UNKNOWN
    if options.json:
        print(json.dumps(answer), file=out)
    else:
        for line in _lines(answer):
            print(line, file=out)
    return _CODES.get(answer["verdict"], UNKNOWN)


def run(options: argparse.Namespace) -> int:
    """The subcommand."""
    try:
        access = read_gate_access()
    except SettingsError as error:
        sys.stderr.write(f"opsbot: {error}\n")
        return UNKNOWN
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # a terminal that cannot show a name still gets a line
    return gate_command(options, access, sys.stdout, sys.stderr)


class _NoRedirect(HTTPRedirectHandler):
    """The token is for the bot alone, wherever it would send us."""

    @override
    def redirect_request(self, *_args: Any) -> None:
        return None


def _ask(url: str | None, access: GateAccess, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """The answer. Raises GateError."""
    if not asked.keys() & {"service", "change"}:
        raise GateError("of what? opsbot gate payment, or opsbot gate --change CH12")
    base, is_here = _base(url, access)
    if access.token is None:
        raise GateError("OPSBOT_GATE_TOKEN is not set; expected the token that the bot has")
    headers = {"Authorization": f"Bearer {access.token.get_secret_value()}", "Accept": "application/json"}
    request = Request(f"{base}/api/gate?{urlencode(asked)}", headers=headers)  # noqa: S310 - see _base
    try:
        with _opener(is_here=is_here).open(request, timeout=_SECONDS) as response:
            return _read(response.read(_LARGEST), base)
    except HTTPError as error:
        return _refusal(error, base)
    except (URLError, OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise GateError(f"{base} cannot be reached: {clean(str(reason))}") from None


def _opener(*, is_here: bool) -> OpenerDirector:
    return build_opener(_NoRedirect, *([ProxyHandler({})] if is_here else []))


def _base(url: str | None, access: GateAccess) -> tuple[str, bool]:
    """Where the bot is, and whether on this machine. Raises GateError where all could read the token."""
    if url is None:
        host = _EVERYWHERE.get(access.host, access.host)
        url = f"http://{f'[{host}]' if ':' in host else host}:{access.port}"
    example = "expected an address as https://opsbot.example.com"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise GateError(f"--url is no address; {example}") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise GateError(f"--url is no address; {example}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise GateError(f"--url has more than an address; {example}")
    is_here = _is_here(host)
    if parts.scheme == "http" and not is_here:
        raise GateError(f"http to {host} would show the token to everybody between; {example}")
    return url.rstrip("/"), is_here


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(body: bytes, base: str) -> Mapping[str, Any]:
    """What was answered. Raises GateError where it is not a gate's answer."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("verdict"), str):
        raise GateError(f"{base} did not answer as the gate of a bot does: is it the right address?")
    return answer


def _refusal(error: HTTPError, base: str) -> Mapping[str, Any]:
    """What is behind a status that is no success: an answer all the same, or a GateError."""
    try:
        said = json.loads(error.read(_LARGEST))
    except (ValueError, OSError, HTTPException, RecursionError):
        said = None
    if isinstance(said, dict) and said.get("verdict") == "unknown":
        return said
    why = said.get("error") if isinstance(said, dict) else None
    match error.code:
        case 401:
            raise GateError(f"{base} does not know OPSBOT_GATE_TOKEN: it is not the one that the bot has")
        case code if 300 <= code < 400:  # noqa: PLR2004 - redirections
            where = clean(error.headers.get("Location", "elsewhere"))
            raise GateError(f"{base} sends elsewhere, to {where}: name that by --url, if it is the bot")
        case code:
            raise GateError(f"{base} answers {code}: {clean(str(why or error.reason), _LONGEST_LINE)}")


def _lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """For people: the verdict, then every reason."""
    about = [str(answer[key]) for key in ("title", "type", "change") if answer.get(key)]
    yield _shown(f"{str(answer['verdict']).upper()} {' · '.join(about)}")
    for one in _dicts(answer, "reasons"):
        mark = _MARKS.get(str(one.get("weight")), "?")
        yield f"  {mark:<5}{_shown(str(one.get('text', '')))}"
    if answer.get("opens_at"):
        yield f"  opens {_shown(str(answer['opens_at']))}, as far as windows and freezes are concerned"
    for one in _dicts(answer, "news"):
        age = one.get("age_seconds")
        of = _shown(str(one.get("of", "")))
        if isinstance(age, int):
            yield f"  {of} was heard {duration(timedelta(seconds=age))} ago"
        else:
            yield f"  {of}: {'nothing asked yet' if one.get('idle') else 'no news yet'}"


def _dicts(answer: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = answer.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _shown(line: str) -> str:
    """On one line, with nothing that moves a terminal."""
    return clean(line, _LONGEST_LINE)
