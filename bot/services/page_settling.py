"""Writes down what became of a page, and ends those that it takes the place of."""

from __future__ import annotations

from bot.domain.escalating import Escalating
from bot.domain.page import PageMark, PageRecord
from bot.domain.page_news import taken_after_all
from bot.services.conduct import conduct_of
from bot.services.pager_news import EDIT_WAIT, apply_news, news_of
from bot.services.paging import confirm_later, end_again, resolve_pages_before
from bot.services.record import Record
from bot.services.settlement import Settling
from bot.services.subjects import escalating
from bot.services.work import Answered, ConfirmPage, RaiseLevel, Seen, SendPage, Sent


def page_sent(settling: Settling, work: SendPage | RaiseLevel | ConfirmPage, sent: Sent) -> None:
    """A page, or its level, was taken, was seen, or is not needed."""
    record, subject, delivery = settling.record, escalating(settling.subject), settling.delivery
    page = record.tx.pages.one(subject.id, delivery.epoch, work.step)
    if page is None:
        return
    if isinstance(sent, Answered):
        never_sent = settling.held and delivery.attempts == 1
        _page_spared(record, subject, page, sent, never_sent=never_sent)
        return
    _page_settled(record, subject, page, sent)
    if not settling.held:
        end_again(record, subject, page)


def _page_settled(record: Record, subject: Escalating, page: PageRecord, sent: Sent) -> None:
    if isinstance(sent, Seen):
        apply_news(record, subject, page, news_of(sent.shown))
        return
    if page.accepted_at is not None:
        return
    record.tx.pages.mark(page, PageMark.ACCEPTED, record.now)
    if (good_news := taken_after_all(page, record.now)) is not None:
        record.tell(subject, good_news)
    resolve_pages_before(record, subject, page.epoch)
    if page.epoch == subject.epoch:
        conduct_of(subject).page_taken(record, subject)
    if record.directory.can_look_up:
        confirm_later(record, subject, page)
    record.show_pages(subject, wait=EDIT_WAIT)


def _page_spared(
    record: Record, subject: Escalating, page: PageRecord, sent: Answered, *, never_sent: bool
) -> None:
    """An earlier page has been answered: this one is not needed, and that answer counts."""
    record.tx.pages.mark(page, PageMark.DROPPED, record.now)
    if never_sent and page.accepted_at is None:
        record.tx.pages.unsend(page)
    pages = record.tx.pages.of(page.subject)
    answered = next((one for one in pages if one.key == sent.shown.key), None)
    if answered is not None:
        apply_news(record, subject, answered, news_of(sent.shown))
