"""Reading the body of a request: limits on its size and time, then JSON or CSV, strictly.

Conventions: text is UTF-8. JSON has no NaN, no Infinity, no key twice and no integer of more than 20 digits, because
other programs would read each of these differently. In CSV the first line names the features; an empty
field is missing.

What the values mean does not belong here: `genrelab.serving.description.check_values` checks them.
"""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, NoReturn

from starlette.requests import Request

from genrelab_cli.app.answers import LONGEST_TEXT, RequestError

LARGEST_BODY = 8 << 20
"""Bytes; 10,000 rows of 59 features have about 7 MB as JSON."""

SLOWEST_BODY = 30.0
"""Seconds in which a body must have arrived."""

MOST_ROWS = 10_000
MOST_DIGITS = 20
CSV = "text/csv"


async def read_chunks(request: Request, largest: int, seconds: float = SLOWEST_BODY) -> AsyncIterator[bytes]:
    """Yield the body in pieces as they arrive, and stop at the limits, whether or not it declares its size.

    Args:
        request: The request.
        largest: Bytes allowed.
        seconds: Time in which the whole body must arrive.

    Raises:
        RequestError: It is too large (413), too slow (408), or its declared size is no number (400).
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal():
        raise RequestError(
            "the size of the body is not a number", found=declared, do="send Content-Length in bytes"
        )
    if int(declared) > largest:
        raise _too_large(f"{int(declared):,} bytes declared", largest)
    size, until = 0, asyncio.get_running_loop().time() + seconds
    pieces = request.stream().__aiter__()
    while True:
        try:
            async with asyncio.timeout_at(until):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RequestError(
                "the body did not arrive in time",
                HTTPStatus.REQUEST_TIMEOUT,
                found=f"{size:,} bytes in {seconds:.0f} s",
                do="send it faster, or fewer rows at a time",
            ) from None
        size += len(piece)
        if size > largest:
            raise _too_large(f"more than {largest:,} bytes", largest)
        yield piece


async def read_body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """Return the whole body.

    Raises:
        RequestError: As `read_chunks`.
    """
    return b"".join([piece async for piece in read_chunks(request, largest)])


def parse_json(body: bytes) -> Any:
    """Return the value of a body in JSON.

    Raises:
        RequestError: It is not JSON as described above; the message says where.
    """
    text = _decoded(body)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise RequestError(
            "the body is not JSON",
            found=f"{error.msg} at line {error.lineno}, column {error.colno}" if text else "an empty body",
            allowed="one object in JSON",
            do="see /docs for an example",
        ) from None
    except RecursionError:
        raise RequestError(
            "the body is nested too deeply", allowed="an object with a list of rows", do="see /docs"
        ) from None


def parse_csv(body: bytes) -> list[dict[str, Any]]:
    """Return the rows of a body in CSV; numbers as floats, other text as it is, empty fields left out.

    Raises:
        RequestError: It is not CSV with one header line, or has too many rows.
    """
    lines = csv.reader(io.StringIO(_decoded(body), newline=""), strict=True)
    rows: list[dict[str, Any]] = []
    try:
        header = [name.strip() for name in next(lines, [])]
        twice = (
            sorted({name for name in header if header.count(name) > 1}) if len(header) < MOST_ROWS else ["?"]
        )
        if not any(header) or twice:
            raise RequestError(
                "the first line of the CSV must name each feature once",
                found=_cut(", ".join(twice) or "an empty line"),
                do="add a header line, for instance: energy,valence,tempo",
            )
        for fields in lines:
            if not fields:
                continue
            if len(fields) != len(header):
                raise RequestError(
                    f"line {lines.line_num} of the CSV has another number of fields than the header",
                    found=f"{len(fields):,}",
                    allowed=f"{len(header):,}, separated by commas",
                )
            require_rows(len(rows) + 1)
            rows.append(
                {name: _number(text) for name, text in zip(header, fields, strict=True) if text.strip()}
            )
    except csv.Error as error:
        raise RequestError(
            "the body is not CSV", found=f"{error} at line {lines.line_num}", do='quote fields with "…"'
        ) from None
    return rows


def require_rows(rows: int) -> None:
    """Raise an error if one request has too many rows.

    Raises:
        RequestError: More than `MOST_ROWS` (413).
    """
    if rows > MOST_ROWS:
        raise RequestError(
            "too many rows in one request",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            found=f"more than {MOST_ROWS:,}",
            allowed=f"at most {MOST_ROWS:,} rows",
            do="send them in several requests",
        )


def _too_large(found: str, largest: int) -> RequestError:
    return RequestError(
        "the body is too large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        found=found,
        allowed=f"at most {largest:,} bytes",
        do="send it in several requests",
    )


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            "the body is not UTF-8", found=f"byte {error.start:,} is not", do="encode it as UTF-8"
        ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise RequestError("a key occurs twice in one object", found=_cut(twice), do="send each key once")
    return found


def _no_number(word: str) -> NoReturn:
    raise RequestError(
        "a number is not finite",
        found=word,
        allowed="numbers as in JSON",
        do="leave out rows with unknown values",
    )


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise RequestError(
            "an integer is too large", found=f"{len(text):,} digits", allowed=f"at most {MOST_DIGITS} digits"
        )
    return int(text)


def _number(text: str) -> float | str:
    try:
        return float(text) if "_" not in text else text
    except ValueError:
        return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
