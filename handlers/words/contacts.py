"""The words of `/contacts`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.errors import NotFoundError
from bot.domain.guide import Contact, Guide, Team, Vendor
from bot.domain.named import OFFERED
from bot.domain.nearest import closest
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped, plain

_LONGEST = 60
_ALL = {"", "all", "list"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowContacts:
    """Whom to reach: these of the guide. `asked` is what was asked for; empty for everybody."""

    asked: str
    contacts: tuple[Contact, ...]
    teams: tuple[Team, ...]
    vendors: tuple[Vendor, ...]

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return escaped(self.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


def parse_contacts(text: str, guide: Guide) -> Command:
    """What a line asks for: all, a kind, or those in whose name a word begins so. Raises NotFoundError."""
    said = " ".join(plain(text).split())
    typed = said.casefold()
    teams, vendors = tuple(guide.teams.values()), tuple(guide.vendors.values())
    if typed == "help":
        return ContactsHelp()
    if typed in _ALL:
        return ShowContacts(asked="", contacts=guide.contacts, teams=teams, vendors=vendors)
    kinds = {
        "emergency": ShowContacts(asked=said, contacts=guide.contacts, teams=(), vendors=()),
        "teams": ShowContacts(asked=said, contacts=(), teams=teams, vendors=()),
        "vendors": ShowContacts(asked=said, contacts=(), teams=(), vendors=vendors),
    }
    if typed in kinds:
        return kinds[typed]
    found = ShowContacts(
        asked=said,
        contacts=tuple(one for one in guide.contacts if _is_meant(typed, one.title)),
        teams=tuple(one for one in teams if _is_meant(typed, one.key, one.title)),
        vendors=tuple(one for one in vendors if _is_meant(typed, one.key, one.title)),
    )
    if found.contacts or found.teams or found.vendors:
        return found
    names = dict(_names(guide)) | {kind: kind for kind in kinds}
    near = ", ".join(f"`{name}`" for name in closest(typed, names, OFFERED))
    shown = clean(said, _LONGEST).replace("`", "")
    raise NotFoundError(f"The guide knows nobody called “{shown}”. The nearest: {near}.")


def _is_meant(typed: str, *names: str) -> bool:
    """Whether a name begins so, at its first word or at a later one."""
    plain_names = (name.casefold() for name in names)
    return any(f" {name}".replace("-", " ").find(f" {typed.replace('-', ' ')}") >= 0 for name in plain_names)


def _names(guide: Guide) -> Iterator[tuple[str, str]]:
    """What everybody is called, and what of it is offered."""
    yield from ((contact.title, contact.title) for contact in guide.contacts)
    titles = {key: team.title for key, team in guide.teams.items()}
    titles |= {key: vendor.title for key, vendor in guide.vendors.items()}
    yield from ((title, key) for key, title in titles.items())
    yield from ((key, key) for key in titles)
