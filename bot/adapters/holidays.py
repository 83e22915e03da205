"""Public holidays by the `holidays` library: its only home."""

from __future__ import annotations

from datetime import date

import holidays
from typing_extensions import override

from bot.ports.holidays import HolidayCalendar


class UnknownCalendarError(Exception):
    """The guide names a country or subdivision of which no public holidays are known."""


class PublicHolidays(HolidayCalendar):
    """The public holidays of a country, or of one of its subdivisions, by their ISO 3166 codes.

    Observed days count too, such as the Monday after a holiday on a Sunday. Without a country no day is
    a holiday. Raises `UnknownCalendarError` for codes that the library does not know.
    """

    def __init__(self, country: str | None, subdivision: str | None = None) -> None:
        self._country = country
        self._subdivision = subdivision
        self._years: dict[int, frozenset[date]] = {}
        self._days_of(2000)  # any year: a code that does not exist is refused here, not at the first use

    @override
    def is_holiday(self, day: date) -> bool:
        return day in self._days_of(day.year)

    def _days_of(self, year: int) -> frozenset[date]:
        # Each year is computed whole and stored once: the library's own lazy calendar marks a year as
        # known before it has filled it, so that another thread could be told that no day is free.
        days = self._years.get(year)
        if days is None:
            days = self._years[year] = self._compute(year)
        return days

    def _compute(self, year: int) -> frozenset[date]:
        if self._country is None:
            return frozenset()
        try:
            found = holidays.country_holidays(
                self._country, subdiv=self._subdivision, years=year, expand=False
            )
        except NotImplementedError as error:
            code = self._country if self._subdivision is None else f"{self._country}-{self._subdivision}"
            raise UnknownCalendarError(
                f"No public holidays are known for {code!r}. organization.holidays in the guide takes "
                "ISO 3166 codes such as country: US, subdivision: NY."
            ) from error
        return frozenset(found)
