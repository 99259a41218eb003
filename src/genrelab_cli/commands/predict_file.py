"""`genrelab predict FILE`: the genres of the tracks in a CSV or Parquet file, from their features.

Conventions: rows are numbered from 1, without the heading. A row whose values cannot be used is named and left
without a genre; the others are answered all the same, and the exit code is 1. Columns that are no features stay.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.layout import ask_before_replacing, one_line, painted, width

if TYPE_CHECKING:
    import pandas as pd

    from genrelab.serving.champion import Prediction, ServedChampion
    from genrelab.serving.description import ChampionDescription

ENDINGS = (".csv", ".parquet")
NAMED_ROWS = 20
"""Most rows that are named one by one because they cannot be used."""
SHOWN_ROWS = 50
TITLES = ("track_name", "track", "title", "artist_name", "artist", "track_id", "path")
"""Columns that tell tracks apart, the most telling first."""
NO_GENRES = ("genre", "probability", "second_genre", "second_probability")


def predict_file(file: Path, champion: str | None, output: Path | None, *, as_json: bool, force: bool) -> int:
    """Print the genre of each track of a file, or write them to another one, and return the exit code.

    Args:
        file: CSV or Parquet with a column for each feature.
        champion: Its name; None takes the first whose features the file has.
        output: A CSV or Parquet file to write; None prints.
        as_json: Print JSON.
        force: Replace `output` without asking.

    Returns:
        The exit code: 1 if some row could not be used.

    Raises:
        GenrelabError: A file cannot be read or written, or no champion fits its columns.
    """
    from genrelab.serving.champion import load_champion

    if output is not None:
        _require_ending(output)
        ask_before_replacing(output, force=force)
    home = Home.find()
    frame = _read(file)
    served = load_champion(home, _fitting(home, frame, champion, file))
    known = served.description
    answers, problems = _answers(served, frame[[feature.name for feature in known.features]])
    if known.is_sample:
        print(f"{known.name} was trained on synthetic sample data", file=sys.stderr)
    for problem in problems[:NAMED_ROWS]:
        print(problem, file=sys.stderr)
    if len(problems) > NAMED_ROWS:
        print(f"... and {len(problems) - NAMED_ROWS:,} more rows", file=sys.stderr)
    if output is not None:
        _write(_table(frame, known, answers), output)
    if as_json:
        print(json.dumps(_as_json(known, answers), ensure_ascii=False, indent=1))
    elif output is None:
        _print(frame, known, answers)
    if not as_json:
        done = f"{len(frame) - len(problems):,} of {len(frame):,} tracks have a genre"
        place = f", written to {output}" if output is not None else ""
        click.echo(f"{done}, by {known.name} version {known.version}, {known.model_label}{place}")
    return 1 if problems else 0


def _require_ending(file: Path) -> None:
    if file.suffix.lower() not in ENDINGS:
        raise GenrelabError(
            f"the format of {file} is unknown",
            found=file.suffix or "no file extension",
            allowed=", ".join(ENDINGS),
            do=f"name {file.stem}.csv",
        )


def _read(file: Path) -> "pd.DataFrame":
    """The rows of a file, with feature names as the lake spells them."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    _require_ending(file)
    try:
        if file.suffix.lower() == ".parquet":
            frame: pd.DataFrame = pq.read_table(file).to_pandas()
        else:
            frame = pd.read_csv(file, encoding="utf-8-sig", low_memory=False)
    except (
        OSError,
        UnicodeDecodeError,
        pa.ArrowInvalid,
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
    ) as error:
        raise GenrelabError(
            f"{file} cannot be read",
            found=f"{getattr(error, 'strerror', '') or str(error).splitlines()[0]}",
            allowed="a CSV file in UTF-8 with one heading line, or a Parquet file",
        ) from None
    frame.columns = [str(name).strip().lower().replace(" ", "_") for name in frame.columns]
    twice = sorted(set(frame.columns[frame.columns.duplicated()]))
    if twice or not len(frame):
        raise GenrelabError(
            f"{file} cannot be used",
            found=f"columns that occur twice: {', '.join(twice)}" if twice else "no rows",
            allowed="rows of tracks with each column once",
        )
    return frame


def _fitting(home: Home, frame: "pd.DataFrame", named: str | None, file: Path) -> str:
    """The name of the champion to ask: the one named, or the first whose features the file has."""
    from genrelab.runtime.choices import ACTIVE_RULES
    from genrelab.serving.description import champion_names, describe
    from tasks.training.bundles import compile_if_old

    compile_if_old(home)
    if not champion_names(home):
        raise GenrelabError(
            "there is no champion yet", found="no compiled champion", do="run `genrelab train`"
        )
    names = (
        [named] if named else sorted(champion_names(home), key=lambda name: (ACTIVE_RULES not in name, name))
    )
    lacking: dict[str, list[str]] = {}
    for name in names:
        features = [feature.name for feature in describe(home, name).features]
        lacking[name] = [feature for feature in features if feature not in frame]
        if not lacking[name]:
            return name
    nearest = min(lacking, key=lambda name: len(lacking[name]))
    missing = lacking[nearest]
    raise GenrelabError(
        f"{file} lacks features of {'the champion ' + named if named else 'every champion'}",
        found=f"for {nearest}, no column {', '.join(missing[:12])}{' ...' if len(missing) > 12 else ''}",  # noqa: PLR2004
        allowed=f"the columns of one of {', '.join(names)}" if not named else "all its features",
        do="add these columns; `genrelab export` writes the lake's",
    )


def _answers(served: "ServedChampion", frame: "pd.DataFrame") -> "tuple[list[Prediction | None], list[str]]":
    """What the champion says of each row, and what is wrong with those that it says nothing of."""
    import numpy as np
    import pandas as pd

    from genrelab.serving.description import check_values

    known = served.description
    values = np.column_stack([pd.to_numeric(frame[name], errors="coerce").astype(float) for name in frame])
    lowest = np.array([-np.inf if each.lowest is None else each.lowest for each in known.features])
    highest = np.array([np.inf if each.highest is None else each.highest for each in known.features])
    usable = (np.isfinite(values) & (values >= lowest) & (values <= highest)).all(axis=1)
    answers: list[Prediction | None] = [None] * len(frame)
    good = np.flatnonzero(usable)
    if len(good):
        for row, answer in zip(good.tolist(), served.answers(values[good]), strict=True):
            answers[row] = answer
    problems = []
    for row in np.flatnonzero(~usable).tolist():
        given = {
            str(name): number if np.isfinite(number) else "missing" if pd.isna(value) else value
            for (name, value), number in zip(frame.iloc[row].items(), values[row].tolist(), strict=True)
        }
        try:
            check_values(known, [given])
            problems.append(f"row {row + 1}: a value cannot be used")
        except GenrelabError as error:
            problems.append(str(error).replace("row 1:", f"row {row + 1}:", 1))
    return answers, problems


def _table(
    frame: "pd.DataFrame", known: "ChampionDescription", answers: "Sequence[Prediction | None]"
) -> "pd.DataFrame":
    """The columns of the file that are no features, then the answers, then the probability of every genre."""
    import pandas as pd

    features = {feature.name for feature in known.features}
    found = frame[[name for name in frame if name not in features and name not in NO_GENRES]].copy()
    ranked = [each.ranked[:2] if each else [(None, None)] * 2 for each in answers]
    added: dict[str, list[Any]] = {
        "genre": [first[0] for first, _ in ranked],
        "probability": [first[1] for first, _ in ranked],
        "second_genre": [second[0] for _, second in ranked],
        "second_probability": [second[1] for _, second in ranked],
    }
    if known.several_labels:
        added["genres"] = ["; ".join(each.genres or ()) if each else None for each in answers]
    added |= {
        f"probability: {label}": [each.probabilities[label] if each else None for each in answers]
        for label in known.labels
    }
    return pd.concat([found, pd.DataFrame(added, index=frame.index)], axis=1)


def _write(table: "pd.DataFrame", output: Path) -> None:
    part = output.with_name(f".{output.name}.part")
    try:
        if output.suffix.lower() == ".parquet":
            table.to_parquet(part, index=False)
        else:
            table.to_csv(part, index=False)
        part.replace(output)
    except OSError as error:
        raise GenrelabError(f"{output} cannot be written", found=error.strerror or str(error)) from None
    finally:
        part.unlink(missing_ok=True)


def _as_json(known: "ChampionDescription", answers: "Sequence[Prediction | None]") -> dict[str, Any]:
    rows = [
        {"row": number, "genre": None}
        if one is None
        else {
            "row": number,
            "genre": one.genre,
            "probability": one.probability,
            **({} if one.genres is None else {"genres": list(one.genres)}),
            "probabilities": one.probabilities,
        }
        for number, one in enumerate(answers, start=1)
    ]
    return {"champion": known.name, "version": known.version, "is_sample": known.is_sample, "rows": rows}


def _print(
    frame: "pd.DataFrame", known: "ChampionDescription", answers: "Sequence[Prediction | None]"
) -> None:
    """Print a line for each track: its number, name, genre with probability, and the second genre or all."""
    from rich.cells import cell_len, set_cell_size

    title = next((name for name in TITLES if name in frame), None)
    room = max((width() or 100) - 58, 12)
    genre_room = max(map(cell_len, known.labels))
    heading = f"{'row':>6}  {set_cell_size('track', room)}  {set_cell_size('genre', min(genre_room, 20))}        then"
    click.echo(painted(heading, bold=True))
    for row, one in enumerate(answers[:SHOWN_ROWS]):
        name = "" if title is None else one_line(frame[title].iloc[row])
        start = f"{row + 1:>6}  {set_cell_size(name, room)}  "
        if one is None:
            click.echo(start + painted("cannot be used", "red"))
            continue
        (first, sure), (second, less) = one.ranked[:2]
        rest = "; ".join(one.genres) if one.genres else f"{second} {less:.0%}"
        click.echo(f"{start}{set_cell_size(first, min(genre_room, 20))}  {sure:>4.0%}  {rest}")
    if len(answers) > SHOWN_ROWS:
        click.echo(f"... and {len(answers) - SHOWN_ROWS:,} more; --output and --json give all")
