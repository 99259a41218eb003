"""The commands of the flows: one declaration each, with its help and its options.

Conventions: a flow has the name of its file in `flows/`, and its command the same name with hyphens. Options that are
not given are not passed, so the defaults of the flow apply.

`genrelab_cli.commands.run` runs the flow and is imported when a command is called. Only click and the declarations of
the analyses are imported here, so that `genrelab --help` is fast.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from genrelab.analyses.registry import STUDIES, run_by
from genrelab.runtime.choices import ACTIVE_RULES, BUDGETS
from genrelab.runtime.settings import load_settings, require_tracks_file

SOURCES = {
    "spotify": "sample, api, or a folder or file of tracks (CSV)",
    "fma": "sample, download, or fma_metadata as a zip file or an unpacked folder",
    "origin": "sample, or default_features_1059_tracks.txt",
}

verbose_option = click.option("--verbose", "-v", is_flag=True, help="Show Prefect's own log.")
STRICT_HELP = "Refuse a table with caveats (changes that affect its meaning, such as a guessed encoding)."


def _flow_command(name: str, help_text: str, options: tuple[str, ...]) -> click.Command:
    """Return the command of one flow; the flow itself is imported when the command runs."""

    def run(verbose: bool, **parameters: str | float | None) -> None:
        from genrelab_cli.commands.run import run_flow

        given = {key: value for key, value in parameters.items() if value is not None}
        sys.exit(run_flow(name, given, verbose=verbose))

    command = click.command(name.replace("_", "-"), help=help_text)(
        verbose_option(run),
    )
    for option in reversed(options):
        _option(option)(command)
    return command


def _study_command(name: str) -> click.Command:
    """Return the command of a flow that only runs analyses, as the registry describes it."""
    analyses = run_by(name)
    has_budget = any("budget" in analysis.settings for analysis in analyses)
    example = f"genrelab {name.replace('_', '-')}"
    examples = [example, *([f"{example} --budget quick"] if has_budget else [])]
    summary = analyses[0].description or analyses[0].fault or f"Run the analysis {name}."
    help_text = "\n".join([summary, "", "\b", *examples])
    return _flow_command(name, help_text, ("budget",) if has_budget else ())


def _ingest_spotify() -> click.Command:
    """Return the command of `ingest_spotify`, which can also preview a file without publishing it."""

    @click.command("ingest-spotify")
    @click.argument("file", required=False, metavar="[FILE]")
    @click.option("--spotify", metavar="SOURCE", help="Same as FILE: a file or folder of tracks (CSV).")
    @click.option(
        "--map",
        "mapped",
        metavar="NAME=COLUMN",
        multiple=True,
        help="Read NAME from the column COLUMN of your file; add :percent if its values are 0 to 100.",
    )
    @click.option(
        "--look",
        is_flag=True,
        help="Preview how the file is read and what would be rejected; publish nothing.",
    )
    @click.option("--strict", is_flag=True, help=STRICT_HELP)
    @verbose_option
    def run(
        file: str | None,
        spotify: str | None,
        mapped: tuple[str, ...],
        look: bool,
        strict: bool,
        verbose: bool,
    ) -> None:
        """Read a table of tracks (CSV) into spotify_tracks.

        FILE is a file or a folder: earlier pulls, Exportify, the common Kaggle sets, or any layout with --map.
        Without FILE, the source in genrelab.toml is read.

        \b
        genrelab ingest-spotify pulls/
        genrelab ingest-spotify Liked_Songs.csv --look
        genrelab ingest-spotify mine.csv --map artist_name=Interpret --map energy=Energie:percent
        """
        if file and spotify and file != spotify:
            raise click.UsageError("FILE and --spotify name different sources; give only one")
        if (source := file or spotify) == "":
            raise click.UsageError("FILE is empty")
        columns = ",".join(mapped)
        if look:
            from genrelab_cli.commands.look import print_look

            sys.exit(print_look(source, columns))
        from genrelab_cli.commands.run import run_flow

        require_tracks_file(load_settings(spotify=source, columns=columns))
        passed = (("spotify", source), ("columns", columns), ("strict", strict))
        given = {name: value for name, value in passed if value}
        sys.exit(run_flow("ingest_spotify", given, verbose=verbose))

    return run


def _predict() -> click.Command:
    """Return the command of `predict`, which also names the genres of the tracks in a file."""

    @click.command("predict")
    @click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
    @click.option("--champion", metavar="NAME", help="Model to ask.  [the first whose features FILE has]")
    @click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write .csv or .parquet.")
    @click.option("--force", is_flag=True, help="Replace the file of --output if it exists, without asking.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON, with the probability of every genre.")
    @verbose_option
    def run(
        file: Path | None,
        champion: str | None,
        output: Path | None,
        force: bool,
        as_json: bool,
        verbose: bool,
    ) -> None:
        """Predict the genre of every track. The champions are used; tracks without a genre are included.

        With FILE, a CSV or Parquet file with a column for each feature, its tracks get their genres; nothing is stored
        in the lake. The exit code is 1 if a row cannot be used.

        \b
        genrelab predict
        genrelab predict tracks.csv
        genrelab predict tracks.parquet --champion spotify-bins-classic --output genres.csv
        """
        if file is not None:
            from genrelab_cli.commands.predict_file import predict_file

            sys.exit(predict_file(file, champion, output, as_json=as_json, force=force))
        if champion or output or as_json:
            raise click.UsageError("--champion, --output and --json are for a FILE; name one")
        from genrelab_cli.commands.run import run_flow

        sys.exit(run_flow("predict", {}, verbose=verbose))

    return run


def _report() -> click.Command:
    """Return the command of `report`, which can also print the pages."""

    @click.command("report")
    @click.option(
        "--pdf", is_flag=True, help="Print every page to A4 too, by Chromium: data/reports/latest/pdf."
    )
    @verbose_option
    def run(pdf: bool, verbose: bool) -> None:
        """Write the report site to data/reports/latest.

        \b
        genrelab report
        genrelab report --pdf
        """
        from genrelab_cli.commands.run import run_flow

        if not pdf:
            sys.exit(run_flow("report", {}, verbose=verbose))
        from genrelab.runtime.home import Home
        from genrelab_cli.commands.paper import find_chromium, print_report

        find_chromium()  # report a missing program before anything starts
        code = run_flow("report", {}, verbose=verbose)
        print(f"on paper: {print_report(Home.find().reports / 'latest').as_uri()}")
        sys.exit(code)

    return run


def _option(name: str) -> Callable[[click.Command], click.Command]:
    match name:
        case "budget":
            return click.option(
                "--budget",
                type=click.Choice(BUDGETS),
                help="How many models and searches training may run.  [quick on sample data, else nightly]",
            )
        case "tasks":
            return click.option(
                "--task",
                "tasks",
                metavar="NAME",
                multiple=True,
                callback=_checked_tasks,
                help="Task to train; may be repeated.  [all tasks]",
            )
        case "artists":
            return click.option(
                "--artists",
                metavar="FILE",
                help="For api: artist ids, URIs or `search: words`, one per line or in a CSV column.",
            )
        case "tracks_per_artist":
            return click.option(
                "--tracks-per-artist", type=click.IntRange(1, 10), help="Tracks to fetch per artist.  [1]"
            )
        case "max_wait":
            return click.option(
                "--max-wait",
                type=click.FloatRange(min=0),
                metavar="SECONDS",
                help="Longest wait accepted from Spotify; a longer one ends the scrape, to be continued later.  [600]",
            )
        case "strict":
            return click.option("--strict", is_flag=True, default=None, help=STRICT_HELP)
        case "rules":
            return rules_option(
                "--rules", f"Rule set that assigns the genres: a name or a TOML file.  [{ACTIVE_RULES}]"
            )
    return click.option(f"--{name}", metavar="SOURCE", help=f"{SOURCES[name]}.")


def _checked_tasks(
    _context: click.Context, _option: click.Parameter, names: tuple[str, ...]
) -> list[str] | None:
    """Return the names of training tasks; an unknown one is reported before anything starts."""
    if not names:
        return None
    from genrelab.models.tasks import chosen_tasks

    return list(chosen_tasks(names))


def rules_option(name: str, help_text: str) -> Callable[[Any], Any]:
    """Return an option that takes a rule set; an invalid one is reported before anything starts."""

    def checked(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        if value is not None:
            from genrelab.rules import load_rule_set

            load_rule_set(Path(value).expanduser() if Path(value).expanduser().is_file() else value)
        return value

    return click.option(name, metavar="NAME_OR_PATH", callback=checked, help=help_text)


FLOW_COMMANDS = (
    _flow_command(
        "nightly",
        """Run the whole pipeline in order. Steps whose inputs have not changed are skipped.

        \b
        genrelab nightly
        genrelab nightly --spotify pulls/ --fma fma_metadata.zip --origin default_features_1059_tracks.txt
        """,
        ("spotify", "artists", "fma", "origin", "rules", "budget", "strict"),
    ),
    _flow_command(
        "scrape",
        """Scrape Spotify's Web API. Sample data come from a local mock API. An interrupted scrape continues.

        \b
        genrelab scrape
        genrelab scrape --spotify api --artists artists.txt --tracks-per-artist 3
        """,
        ("spotify", "artists", "tracks_per_artist", "max_wait", "strict"),
    ),
    _ingest_spotify(),
    _flow_command(
        "ingest_fma",
        """Read FMA metadata. It fills fma_tracks, fma_genres, fma_echonest and fma_features.

        \b
        genrelab ingest-fma --fma fma_metadata.zip
        """,
        ("fma", "strict"),
    ),
    _flow_command(
        "ingest_origin",
        """Read the geographical-origin data into origin_tracks.

        \b
        genrelab ingest-origin --origin default_features_1059_tracks.txt
        """,
        ("origin", "strict"),
    ),
    _flow_command(
        "bin_genres",
        """Assign a target genre to every Spotify track. Every rule set is applied; the active one is used.

        \b
        genrelab bin-genres
        genrelab bin-genres --rules my_rules.toml
        """,
        ("rules",),
    ),
    _flow_command(
        "train",
        """Train the models. They are logged to MLflow, and the best one is compared with the champion.

        \b
        genrelab train --budget quick
        genrelab train --task fma-top-genre --task fma-small-genres
        """,
        ("tasks", "budget"),
    ),
    _predict(),
    *map(_study_command, STUDIES),
    _report(),
)
