"""Reads records of CSV text, also of damaged text: ragged rows, unclosed quotes, invalid bytes.

Conventions: a record is a list of fields, or `Damaged` when it does not have the header's number of fields.
A quote that never closes would swallow the records after it, and may end at the next quote in a record of just the
right width: when a record spans several lines and its quotes are not those of RFC 4180, or it does not come out right,
its first line alone is damaged and reading goes on at the second. Where none of the lines to the end of the file is a
record by itself, the file was cut in the middle of its last record. On one line, quotes may stand anywhere as long as
the last cell is closed.

The meaning of fields does not belong here.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

UNDECODABLE = re.compile("[\udc80-\udcff]")
WORD_END = r"""\s,;|"\[\]"""
BEFORE = re.compile(rf"(?s)^.*[{WORD_END}](?=[^{WORD_END}]*$)")
AFTER = re.compile(f"[{WORD_END}]")


def replace_undecodable(line: str) -> str:
    """Return the line with U+FFFD for every invalid byte."""
    return UNDECODABLE.sub("\N{REPLACEMENT CHARACTER}", line)


@dataclass(frozen=True)
class Damaged:
    """A record that does not match its header.

    Args:
        fields: The fields found.
        reason: What is wrong with it.
        text: Its text in the file.
    """

    fields: Sequence[str]
    reason: str
    text: str = ""


Record = Sequence[str] | Damaged


class Lines:
    """Lines that can be pushed back, with undecodable bytes replaced and counted.

    Args:
        text: An open file, or any lines.
        repair: What is done with a line that holds undecodable bytes (as lone surrogates).

    Attributes:
        repaired: Lines so far that held bytes which are no text.
        beyond_ascii: Lines so far that held other characters beyond ASCII, and no such bytes.
        example: The first word that was repaired.
        lost: Lines so far with U+FFFD: a character is lost, here or before the file was saved.
        taken: Lines since it was last cleared.
        has_ended: Whether a line was asked for and there was none.
    """

    def __init__(self, text: Iterable[str], repair: Callable[[str], str] = replace_undecodable) -> None:
        self._fresh_lines = iter(text)
        self._repair = repair
        self._returned: deque[str] = deque()
        self.repaired = 0
        self.beyond_ascii = 0
        self.example = ""
        self.lost = 0
        self.taken: list[str] = []
        self.has_ended = False

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if self._returned:
            line = self._returned.popleft()
        else:
            try:
                line = next(self._fresh_lines)
            except StopIteration:
                self.has_ended = True
                raise
            if not line.isascii():
                line = self._counted(line)
        self.taken.append(line)
        return line

    def hand_back(self, lines: Sequence[str]) -> None:
        """Push lines back; they are read next."""
        self.has_ended = False
        self._returned.extendleft(reversed(lines))

    def _counted(self, line: str) -> str:
        if first := UNDECODABLE.search(line):
            self.repaired += 1
            line = self._repair(line)
            if not self.example:
                self.example = BEFORE.sub("", line[: first.start()]) + AFTER.split(line[first.start() :])[0]
        else:
            self.beyond_ascii += 1
        self.lost += "\N{REPLACEMENT CHARACTER}" in line
        return line


def read_records(
    lines: Lines, width: int, delimiter: str = ",", *, skip_blanks: bool = False
) -> Iterator[Record]:
    """Yield the records of the remaining lines; blank lines are skipped.

    Args:
        lines: Behind the header.
        width: Fields of the header.
        delimiter: What stands between fields.
        skip_blanks: Whether a blank behind a delimiter is no part of the field.
    """
    reader = csv.reader(lines, strict=True, delimiter=delimiter, skipinitialspace=skip_blanks)
    while True:
        lines.taken.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason, fields = str(error), _lenient(lines.taken, delimiter, skip_blanks=skip_blanks)
        else:
            if not fields:  # a blank line is no record
                continue
            reason = f"{len(fields)} field{'s' * (len(fields) != 1)}"
        if len(fields) == width:
            yield fields
            continue
        text = "".join(lines.taken)
        is_cut = lines.has_ended and not any(is_record(line, width, delimiter) for line in lines.taken[1:])
        if len(lines.taken) > 1 and not is_cut:
            text = lines.taken[0]
            lines.hand_back(lines.taken[1:])
            reason, fields = "a quote that is not closed on its line", cells_of(text, delimiter)
            reader = csv.reader(lines, strict=True, delimiter=delimiter, skipinitialspace=skip_blanks)
        yield Damaged(fields or [text], reason, text)


def is_record(line: str, width: int, delimiter: str = ",") -> bool:
    """Whether a line is a complete record."""
    return len(_lenient([line], delimiter)) == width


def _lenient(taken: Sequence[str], delimiter: str, *, skip_blanks: bool = False) -> list[str]:
    """Fields of a single line in which quotes stand anywhere; none where one stays open, or where it is no record."""
    if len(taken) != 1:
        return []
    reader = csv.reader([*taken, "\n"], delimiter=delimiter, skipinitialspace=skip_blanks)
    try:
        fields = next(reader, [])
    except csv.Error:
        return []
    return fields if reader.line_num == 1 else []


def cells_of(line: str, delimiter: str = ",") -> list[str]:
    """Fields of a line, the last as far as it goes where its quote stays open; none where it is no record."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
