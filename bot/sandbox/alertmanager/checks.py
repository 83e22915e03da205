"""What a body must be, by the API's OpenAPI document and Go's JSON decoder, with errors in their words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.sandbox.alertmanager.times import parsed
from bot.sandbox.alertmanager.webhook import encoded

_BAD_REQUEST = 400
_UNPROCESSABLE = 422
_UNSUPPORTED = 415
_INVALID_TYPE, _REQUIRED, _TOO_FEW = 601, 602, 612

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+|/.*")
_UUID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)

_STRINGS = "string"


class RefusedError(Exception):
    """An answer that is an error: its status, and its JSON body or None."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body

    def answer(self) -> web.Response:
        """The answer."""
        answer = answered(self.body, self.status)
        if isinstance(self.body, dict) and isinstance(answer.body, bytes):
            answer.body = answer.body.rstrip()  # the framework ends no line
        return answer


def answered(body: Any, status: int = 200) -> web.Response:
    """An answer with a JSON body, or with none at all."""
    if body is None:
        return web.Response(status=status)
    return web.Response(status=status, body=encoded(body), content_type="application/json")


def refusal(status: int, message: str, code: int | None = None) -> RefusedError:
    """An error as the API's framework words it."""
    return RefusedError(status, {"code": status if code is None else code, "message": message})


async def read(request: web.Request, name: str, kind: type) -> Any:
    """A request's JSON body: a list or an object, as `kind` says. Raises `RefusedError`."""
    if request.content_type != "application/json":
        raise refusal(
            _UNSUPPORTED,
            f'unsupported media type "{request.content_type}", only [application/json] are allowed',
        )
    content = await request.read()
    if not content:
        raise refusal(_UNPROCESSABLE, f"{name} in body is required", _REQUIRED)
    try:
        found = json.loads(content)
    except ValueError as error:
        raise unreadable(name, _syntax(content, error)) from None
    if not isinstance(found, kind):
        raise unreadable(name, f"json: cannot unmarshal {_kind(found)} into Go value of type {_MODELS[name]}")
    return found


def unreadable(name: str, reason: str) -> RefusedError:
    """The body cannot be decoded."""
    return refusal(_BAD_REQUEST, f'parsing {name} body from "" failed, because {reason}')


def required(found: dict[str, Any], names: Sequence[str], path: str = "") -> None:
    """Each of these must be there, told by its path. Raises `RefusedError` for the first that is not."""
    for name in names:
        if found.get(name) is None:
            raise refusal(_UNPROCESSABLE, f"{path}{name} in body is required", _REQUIRED)


def some(found: Sequence[Any], path: str) -> None:
    """There must be at least one. Raises `RefusedError`."""
    if not found:
        raise refusal(_UNPROCESSABLE, f"{path} in body should have at least 1 items", _TOO_FEW)


def absolute(url: str, path: str) -> None:
    """It must be an address. Raises `RefusedError`."""
    if url and not _ABSOLUTE.fullmatch(url):
        raise refusal(_UNPROCESSABLE, f'{path} in body must be of type uri: "{url}"', _INVALID_TYPE)


def identity(text: str) -> str:
    """The id of a silence in a path. Raises `RefusedError`."""
    if not _UUID.fullmatch(text):
        message = f'silenceID in path must be of type uuid: "{text}"'
        raise refusal(_UNPROCESSABLE, message, _INVALID_TYPE)
    return text


class Decoder:
    """Takes values out of a body as Go's decoder does. `name` is the body's, `model` the Go type's."""

    def __init__(self, name: str, model: str) -> None:
        self._name = name
        self._model = model

    def object(self, value: Any) -> dict[str, Any]:
        """One object of a list."""
        if isinstance(value, dict):
            return value
        raise unreadable(
            self._name, f"json: cannot unmarshal {_kind(value)} into Go value of type {_STRINGS}"
        )

    def labels(self, found: dict[str, Any], field: str) -> dict[str, str]:
        """An object of texts; nothing where it is missing."""
        value = found.get(field)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._mismatch(field, value, "models.LabelSet")
        for each in value.values():
            if not isinstance(each, str):
                raise self._mismatch(field, each, _STRINGS)
        return value

    def text(self, found: dict[str, Any], field: str) -> str:
        """A text; empty where it is missing."""
        value = found.get(field)
        if value is None or isinstance(value, str):
            return value or ""
        raise self._mismatch(field, value, _STRINGS)

    def truth(self, found: dict[str, Any], field: str, *, default: bool) -> bool:
        """True or false."""
        value = found.get(field)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        raise self._mismatch(field, value, "bool")

    def instant(self, found: dict[str, Any], field: str) -> int:
        """An instant in nanoseconds; zero where it is missing."""
        text = self.text(found, field)
        try:
            return parsed(text) if text else 0
        except ValueError as error:
            raise unreadable(self._name, str(error)) from None

    def _mismatch(self, field: str, value: Any, wanted: str) -> RefusedError:
        reason = f"json: cannot unmarshal {_kind(value)} into Go struct field {self._model}.{field}"
        return unreadable(self._name, f"{reason} of type {wanted}")


_MODELS = {
    "alerts": "models.PostableAlerts",
    "silence": 'struct { ID string "json:\\"id,omitempty\\"" }',
}


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _syntax(content: bytes, error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError) and error.pos >= len(content.rstrip()):
        return "unexpected EOF"
    if isinstance(error, json.JSONDecodeError) and error.pos < len(error.doc):
        return f"invalid character '{error.doc[error.pos]}' looking for beginning of value"
    return "unexpected EOF" if isinstance(error, json.JSONDecodeError) else "invalid UTF-8"
