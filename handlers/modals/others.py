"""What the form "More" of a card's menu offers, each with the words that are written for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.errors import InvalidError
from bot.services.incidents import Incidents
from bot.services.marks import Marks
from bot.services.merging import Merging
from bot.services.requests import Answer, Ref, Request
from bot.services.runbooks import Runbooks
from bot.services.updates import Updates, Word
from bot.views.card_forms import Entry
from handlers.words.said import number_of

Do = Callable[[Request, Ref, str], Awaitable[Answer]]
"""Does one of them, with its words. Raises DomainError for what it refuses."""

Others = Sequence[tuple[Entry, Do]]

UPDATE = "update"
"""The key of writing an update, which has a form of its own."""


def other_deeds(
    *, incidents: Incidents, updates: Updates, marks: Marks, merging: Merging, runbooks: Runbooks
) -> Others:
    """All of them, in the order in which they are offered."""

    async def merge(request: Request, ref: Ref, words: str) -> Answer:
        number = number_of(words.strip())
        if number is None:
            raise InvalidError("Into which one? Write its number and nothing else: 41.")
        return await merging.merge(request, ref, Ref(number=number))

    async def write(request: Request, ref: Ref, words: str) -> Answer:
        return await updates.write(request, ref, Word(text=words))

    return (
        (
            Entry(
                key=UPDATE,
                title="Write an update",
                does="Without words: a form, with the impact and when the next is due",
            ),
            write,
        ),
        (
            Entry(
                key="runbook",
                title="Open a runbook",
                does="Its steps, to be checked off. Without words: the incident's own",
            ),
            runbooks.open,
        ),
        (
            Entry(key="impact", title="Say who notices, and how", does="The impact, on the card"),
            updates.set_impact,
        ),
        (
            Entry(key="note", title="Add a note", does="What happened, for the timeline and the thread"),
            marks.note,
        ),
        (
            Entry(key="resolve", title="Resolve with a note", does="It is over: say what mended it"),
            incidents.resolve,
        ),
        (
            Entry(
                key="cancel",
                title="Cancel: a false alarm",
                does="Paging stops; it counts in no statistics. Say why",
            ),
            incidents.cancel,
        ),
        (
            Entry(key="merge", title="Merge into another", does="It is the same: write that one's number"),
            merge,
        ),
    )
