"""Ways in which people save a table of tracks anew, cut it or rename its columns."""

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from layout_files import Track, records_of

Frame = pd.DataFrame
Save = Callable[[Frame], bytes]
NUMBERS = ("energy", "key", "popularity")


@dataclass(frozen=True)
class Mutation:
    """One way.

    Args:
        name: In words.
        save: From the table to the bytes of a file.
        is_read: Whether the same table must come out; else a message is as good.
    """

    name: str
    save: Save
    is_read: bool = True


def frame_of(layout: str, tracks: int = 12) -> Frame:
    """The records of a layout, with a name beyond ASCII, a name with a comma and a name with a quote."""
    artists = ("Bj\u00f6rk", "Tyler, The Creator", 'The "Band"', "Artist 3", "Artist 4", "Artist 5")
    made = [
        Track(
            number,
            (artists[number % 6],) if layout != "exportify-older" else ("Bj\u00f6rk",),
            ("dance pop", "pop") if number % 2 else ("classic rock",),
            energy=round(0.25 + number / 100, 2),
            key=number % 12,
            mode=number % 2,
            popularity=40 + number,
        )
        for number in range(1, tracks + 1)
    ]
    return pd.DataFrame(records_of(layout, made))


def save(frame: Frame, encoding: str = "utf-8", *, index: bool = False, **how: object) -> bytes:
    text = io.StringIO()
    frame.to_csv(text, index=index, **how)  # type: ignore[call-overload]
    return text.getvalue().encode(encoding)


def pandas(encoding: str = "utf-8", **how: object) -> Save:
    return lambda frame: save(frame, encoding, **how)  # type: ignore[arg-type]


def renamed(change: Callable[[str], str]) -> Save:
    return lambda frame: save(frame.rename(columns=change))


def bytes_changed(change: Callable[[bytes], bytes]) -> Save:
    return lambda frame: change(save(frame))


def lines_changed(change: Callable[[list[str]], list[str]]) -> Save:
    return lambda frame: ("\n".join(change(save(frame).decode().splitlines())) + "\n").encode()


def excel(delimiter: str, decimal: str, encoding: str, above: str = "") -> Save:
    return lambda frame: (
        above + save(frame, sep=delimiter, decimal=decimal, lineterminator="\r\n").decode()
    ).encode(encoding)


def of_r(delimiter: str, decimal: str, *, has_name: bool) -> Save:
    """`write.csv`, `write.csv2` and `write.table`: texts in quotes, rows named from 1."""

    def written(frame: Frame) -> bytes:
        counted = frame.set_axis(range(1, len(frame) + 1))
        counted.index = counted.index.astype(str)
        text = save(
            counted, index=True, sep=delimiter, decimal=decimal, quoting=csv.QUOTE_NONNUMERIC, na_rep="NA"
        )
        return text if has_name else text.removeprefix(b'""' + delimiter.encode())

    return written


def feature(name: str) -> Callable[[Frame], str]:
    """The column of a feature, in the spelling of the frame."""
    return lambda frame: next(column for column in frame if column.lower().replace(" ", "_") == name)


def one_column(name: str, change: Callable[[pd.Series], pd.Series]) -> Save:
    def written(frame: Frame) -> bytes:
        column = feature(name)(frame)
        return save(frame.assign(**{column: change(frame[column])}))

    return written


def lost_quote(lines: list[str]) -> list[str]:
    return [line.replace('"', "", 1) if number == 1 else line for number, line in enumerate(lines)]


def doubled(frame: Frame) -> bytes:
    column = feature("energy")(frame)
    return save(pd.concat([frame, frame[[column]]], axis=1))


def without(*names: str) -> Save:
    return lambda frame: save(frame.drop(columns=[feature(name)(frame) for name in names]))


MUTATIONS = [
    Mutation("saved as it is", pandas()),
    Mutation("with pandas' index", pandas(index=True)),
    Mutation("semicolons", pandas(sep=";")),
    Mutation("tabs", pandas(sep="\t")),
    Mutation("vertical bars", pandas(sep="|")),
    Mutation("semicolons and decimal commas", pandas(sep=";", decimal=",")),
    Mutation("tabs and decimal commas", pandas(sep="\t", decimal=",")),
    Mutation("commas and decimal commas", pandas(decimal=",")),
    Mutation("UTF-8 with a byte order mark", pandas("utf-8-sig")),
    Mutation("UTF-16", pandas("utf-16")),
    Mutation("UTF-16 without a mark", pandas("utf-16-le")),
    Mutation("Windows-1252", pandas("cp1252")),
    Mutation("Mac Roman", pandas("mac-roman"), is_read=False),
    Mutation("code page 437", pandas("cp437"), is_read=False),
    Mutation("every field in quotes", pandas(quoting=csv.QUOTE_ALL)),
    Mutation("texts in quotes", pandas(quoting=csv.QUOTE_NONNUMERIC)),
    Mutation("escaped instead of quoted", pandas(quoting=csv.QUOTE_NONE, escapechar="\\"), is_read=False),
    Mutation("Windows line ends", pandas(lineterminator="\r\n")),
    Mutation("old Mac line ends", pandas(lineterminator="\r")),
    Mutation("six decimals", pandas(float_format="%.6f")),
    Mutation("exponents", pandas(float_format="%.8e")),
    Mutation("no header", pandas(header=False), is_read=False),
    Mutation("Excel, German", excel(";", ",", "cp1252")),
    Mutation("Excel, German, CSV UTF-8", excel(";", ",", "utf-8-sig")),
    Mutation("Excel with its sep line", excel(";", ",", "utf-8-sig", "sep=;\r\n")),
    Mutation("Excel, Unicode text", excel("\t", ".", "utf-16")),
    Mutation("Excel with a title", excel(";", ",", "cp1252", "My songs;;;\r\n\r\n")),
    Mutation("R, write.csv", of_r(",", ".", has_name=True)),
    Mutation("R, write.csv2", of_r(";", ",", has_name=True)),
    Mutation("R, write.table", of_r(",", ".", has_name=False)),
    Mutation("names in capitals", renamed(str.upper)),
    Mutation("names in small letters", renamed(str.lower)),
    Mutation("names with blanks", renamed(lambda name: f" {name} ")),
    Mutation("names with underscores", renamed(lambda name: name.replace(" ", "_"))),
    Mutation("names with blanks for underscores", renamed(lambda name: name.replace("_", " "))),
    Mutation(
        "names with dots, as R makes them", renamed(lambda name: name.replace(" ", ".").replace("_", "."))
    ),
    Mutation("columns in reverse", lambda frame: save(frame[list(frame)[::-1]])),
    Mutation("columns sorted", lambda frame: save(frame[sorted(frame)])),
    Mutation("further columns", lambda frame: save(frame.assign(note="x, y", **{"1": 1}))),
    Mutation("rows in reverse", lambda frame: save(frame.iloc[::-1])),
    Mutation(
        "blank lines between", lines_changed(lambda lines: [each for line in lines for each in (line, "")])
    ),
    Mutation("a delimiter at the end", lines_changed(lambda lines: [f"{line}," for line in lines])),
    Mutation(
        "a delimiter at the end of records",
        lines_changed(lambda lines: [lines[0], *(f"{x}," for x in lines[1:])]),
    ),
    Mutation("the last line cut", bytes_changed(lambda data: data[:-30]), is_read=False),
    Mutation("cut in the middle", bytes_changed(lambda data: data[: len(data) // 2]), is_read=False),
    Mutation("its header twice", lines_changed(lambda lines: [lines[0], *lines]), is_read=True),
    Mutation("a quote lost", lines_changed(lost_quote), is_read=False),
    Mutation(
        "a field lost in one record",
        lines_changed(lambda lines: [*lines[:-1], lines[-1].split(",", 1)[1]]),
        False,
    ),
    Mutation("zeros behind the end", bytes_changed(lambda data: data + b"\0" * 64), is_read=False),
    Mutation(
        "a feature renamed", renamed(lambda name: "nrg" if name.lower() == "energy" else name), is_read=False
    ),
    Mutation("a feature lost", without("energy"), is_read=False),
    Mutation("two features lost", without("energy", "tempo"), is_read=False),
    Mutation("a feature twice", doubled, is_read=False),
    Mutation("a feature in percent", one_column("energy", lambda cells: 100 * cells), is_read=False),
    Mutation(
        "a feature as text", one_column("energy", lambda cells: cells.astype(str) + " units"), is_read=False
    ),
    Mutation(
        "a feature with decimal commas",
        one_column("energy", lambda x: x.astype(str).str.replace(".", ",")),
        False,
    ),
    Mutation("whole numbers with a point", one_column("key", lambda cells: cells.astype(float))),
    Mutation(
        "keys as pitches of two kinds", one_column("key", lambda cells: cells.where(cells > 5, "C#")), False
    ),
    Mutation("gzip", lambda frame: gzip.compress(save(frame)), is_read=False),
    Mutation("JSON", lambda frame: frame.to_json(orient="records").encode(), is_read=False),
    Mutation("a page", lambda frame: frame.to_html().encode(), is_read=False),
    Mutation("nothing", lambda _frame: b"", is_read=False),
]
SHORT = (
    "with pandas' index",
    "semicolons and decimal commas",
    "UTF-16",
    "Windows-1252",
    "escaped instead of quoted",
    "Excel with its sep line",
    "R, write.table",
    "names in capitals",
    "columns in reverse",
    "the last line cut",
    "a feature renamed",
    "a feature in percent",
    "gzip",
)
"""Those that run in `make test`."""
LAYOUTS = ("pulls", "exportify")
