"""A place in a query's words."""

from __future__ import annotations

from bot.sandbox.prometheus.promql.errors import ParseError
from bot.sandbox.prometheus.promql.lexer import Token, Word, tokens
from bot.sandbox.prometheus.promql.numbers import duration_ms


class Cursor:
    """Goes from word to word. What it is asked to `expect` and does not find raises `ParseError`."""

    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0

    @property
    def now(self) -> Token:
        """The word it is at."""
        return self._tokens[self._at]

    @property
    def ahead(self) -> Token:
        """The word after that."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    @property
    def at_end(self) -> bool:
        """Whether no word is left."""
        return self.now.word is Word.END

    def step(self) -> Token:
        """The word it is at, which it leaves."""
        token = self.now
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def is_sign(self, *signs: str) -> bool:
        """Whether it is at one of these signs."""
        return self.now.word is Word.SIGN and self.now.text in signs

    def takes(self, sign: str) -> bool:
        """Whether it was at this sign, which it then has left."""
        return self.is_sign(sign) and bool(self.step())

    def keyword(self) -> str:
        """The name it is at, in small letters; empty at anything else."""
        return self.now.text.lower() if self.now.word is Word.NAME else ""

    def takes_keyword(self, word: str) -> bool:
        """Whether it was at this keyword, which it then has left."""
        return self.keyword() == word and bool(self.step())

    def expect(self, sign: str, where: str) -> None:
        """Leave a sign behind."""
        if not self.takes(sign):
            raise self.unexpected(where, f'"{sign}"')

    def expect_word(self, word: Word, where: str) -> Token:
        """Leave a word of a kind behind."""
        if self.now.word is not word:
            raise self.unexpected(where, word)
        return self.step()

    def expect_duration(self, where: str) -> int:
        """A duration in milliseconds, which must not be nothing."""
        token = self.expect_word(Word.DURATION, where)
        try:
            length = duration_ms(token.text)
        except ValueError as error:
            raise ParseError(str(error), token.at) from None
        if length == 0:
            raise ParseError("duration must be greater than 0", token.at)
        return length

    def unexpected(self, where: str, wanted: str = "") -> ParseError:
        """What to say about the word it is at."""
        more = f", expected {wanted}" if wanted else ""
        return ParseError(f"unexpected {self.now} in {where}{more}", self.now.at)
