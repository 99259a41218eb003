"""Settings: `genrelab.toml`, then the environment, then the command line; each overrides the one before.

    [sources]
    spotify = "sample"   # or "api", or a folder or file of earlier pulls
    fma = "sample"       # or "download", or the zip or the unpacked folder
    origin = "sample"    # or the text file
    artists = "artists.txt"

    [training]
    budget = "nightly"   # or "quick", "thorough"; without it: quick on sample data, nightly on real data
    seed = 24
    cores = 2
    engine = "processes" # or "dask": docs/guide.md, Moving to more machines
    scheduler = ""       # address of a Dask scheduler; without it, a cluster on this machine
    rows = 500000        # rows of a table that a task is trained on at most, those of artists drawn at random; 0: all
    seconds = 1200       # after which no further model is begun; without it, or 0, no limit

    [scrape]
    column = "id"                         # of a CSV file of artists
    tracks_per_artist = 1
    max_wait = 600                        # seconds; a longer wait ends the run, to go on later
    refresh_days = 90                     # age from which an artist is fetched anew
    features = ["spotify", "reccobeats"]  # where audio features come from, in this order
    genres = ["spotify", "musicbrainz"]   # who names genres, in this order; or "lastfm", with LASTFM_API_KEY
    contact = "me@example.org"            # sent to MusicBrainz, which asks for an address of mail or web
    musicbrainz_per_second = 1            # more only for a mirror of your own

    [columns]  # of a table of tracks, where its own names are not known: genrelab.sources.column_mapping
    artist_name = "Interpret"
    energy = {column = "Energie", unit = "percent"}

    [validation]
    refuse_above = 0.05  # share of rejected records past which a table is refused
    strict = false       # true: a table with caveats is refused, as with --strict

    [rules]
    active = "reviewed"  # the rule set that decides genre_bin: or "classic", or a TOML file of your own

    [drift]
    psi = 0.2           # a larger population stability index of a feature blocks the promotion of a champion
    ks = 0.1            # so does a larger Kolmogorov-Smirnov distance
    class_share = 0.05  # and a larger change of a class's share of the tracks

    [predict]
    decision = "most-accurate"  # or "fair": to rare genres; which genre is named, never a probability

    [listen]
    folders = ["~/Music"]  # searched for audio files in every nightly run

    [clusters]
    map = "pca"  # or "umap": by UMAP too, installed from requirements-umap.lock

The sections [schedule], [retention] and [notify] are explained in `genrelab.runtime.operations`.

Relative paths in the file are taken from the folder it lies in, those of the environment and the command
line from the current folder.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    ValidationInfo,
)

from genrelab.lake.validation_records import REFUSE_ABOVE
from genrelab.runtime.choices import (
    ACTIVE_RULES,
    BUDGETS,
    GENRE_DECISIONS,
    MOST_ACCURATE,
    GenreDecision,
    TrainingBudget,
)
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.files import is_text
from genrelab.runtime.home import Home
from genrelab.runtime.settings_file import FileSettings, FileText, rule, setting
from genrelab.sources.column_mapping import ColumnChoice, mapping_from_toml, mapping_from_words
from genrelab.tables.spotify import SHIPPED_RULE_SETS

SAMPLE = "sample"
KEYWORDS = {"spotify": (SAMPLE, "api"), "fma": (SAMPLE, "download"), "origin": (SAMPLE,)}
LARGEST_NUMBER = 2**63 - 1
LARGEST_SEED = 2**31
"""NumPy allows twice as much; some work derives further seeds by counting up from this one."""


def _path(value: object, info: ValidationInfo) -> Path:
    """Return a path as absolute: relative to the home in the settings file, else to the current folder."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r}: not a text")  # noqa: TRY004 - pydantic handles ValueError only
    folder = info.data["home"].root if isinstance(value, FileText) else Path.cwd()
    try:
        path: Path = (folder / Path(value).expanduser()).resolve()
    except (RuntimeError, ValueError, OSError) as error:  # an unknown user's home, a NUL, a loop of links
        raise ValueError(f"{value!r}: {error}") from None
    if not is_text(str(path)):  # Prefect and the records of steps keep it as text
        raise ValueError(f"{str(path)!r} has bytes that are not UTF-8; rename it with mv or convmv")
    return path


def _source(value: object, info: ValidationInfo) -> str:
    """Return a keyword of this source, or a path."""
    return str(value if value in KEYWORDS.get(str(info.field_name), ()) else _path(value, info))


def _folders(value: object, info: ValidationInfo) -> tuple[Path, ...]:
    """Return folders as absolute paths: a list in the settings file, or text separated by `:` in the environment."""
    if isinstance(value, list | tuple):
        named = [FileText(each) if isinstance(each, str) else each for each in value]
    elif isinstance(value, str) and not isinstance(value, FileText):
        named = [each for each in value.split(os.pathsep) if each]
    else:
        raise ValueError(f"{value!r}: not a list")  # noqa: TRY004 - pydantic handles ValueError only
    return tuple(_path(each, info) for each in named)


def _rule_set(value: object, info: ValidationInfo) -> str:
    """Return the name of a shipped rule set or the path of an existing file; its content is checked by its reader."""
    if value in SHIPPED_RULE_SETS:
        return str(value)
    if not (path := _path(value, info)).is_file():
        raise ValueError(repr(value))
    return str(path)


def _columns(value: dict[str, Any], info: ValidationInfo) -> dict[str, ColumnChoice]:
    """Return the columns of the settings file and those passed with `--map`."""
    passed = {name: choice for name, choice in value.items() if isinstance(choice, ColumnChoice)}
    in_file = {name: choice for name, choice in value.items() if name not in passed}
    return mapping_from_toml(in_file, str(info.data["home"].settings_file)) | passed


_WHOLE = "{key} is not a whole number in its range"
_OWN_RULES = f"{', '.join(SHIPPED_RULE_SETS)}, or the path of a TOML file that `genrelab rules check` accepts"
_PATH = rule("{place} is not a path", "the path of a file or folder")
Source = Annotated[str, BeforeValidator(_source), _PATH]
RuleSet = Annotated[
    str,
    BeforeValidator(_rule_set),
    rule("{place} is neither the name nor the path of a rule set", _OWN_RULES),
]
_TEXT = rule("{key} is not a text", "text")
Text = Annotated[str, AfterValidator(str.strip), _TEXT]
Names = Annotated[tuple[str, ...], rule("{key} is not a list of names", '["spotify"], or several')]
Folders = Annotated[
    tuple[Path, ...],
    BeforeValidator(_folders),
    rule("{place} is not a list of folders", '["~/Music"], or several'),
]
Whole = Annotated[StrictInt, rule(_WHOLE, "0 or more", ge=0, le=LARGEST_NUMBER)]
Seed = Annotated[StrictInt, rule(_WHOLE, f"0 to {LARGEST_SEED}", ge=0, le=LARGEST_SEED)]
Cores = Annotated[
    Whole, AfterValidator(lambda cores: cores or os.cpu_count() or 1), Field(validate_default=True)
]
Duration = Annotated[
    StrictFloat, rule("{key} is not a number in its range", "0 or more", ge=0, le=LARGEST_NUMBER)
]
Positive = Annotated[
    StrictFloat, rule("{key} is not a positive number", "more than 0", gt=0, allow_inf_nan=False)
]
Share = Annotated[StrictFloat, rule("{key} is not a share", "0 to 1", ge=0, le=1)]
Switch = Annotated[StrictBool, rule("{key} is neither true nor false", "true, false")]
Amount = Annotated[TrainingBudget | None, rule("unknown training budget", ", ".join(BUDGETS))]
Named = Annotated[GenreDecision, rule("unknown decision", ", ".join(GENRE_DECISIONS))]
Engine = Annotated[Literal["processes", "dask"], rule("unknown training engine", "processes, dask")]
TrackMap = Annotated[Literal["pca", "umap"], rule("unknown map of the tracks", "pca, umap")]


class Settings(FileSettings):
    """What a run works with.

    Args:
        home: The folders.
        spotify: `sample`, `api`, or a path.
        fma: `sample`, `download`, or a path.
        origin: `sample` or a path.
        artists: File of artist ids for `api`.
        budget: How much work training may do: one of `BUDGETS`; None lets the data decide.
        seed: Seed of everything random.
        cores: Processor cores that training may use.
        training_seconds: Time that the trainings of a run may take together; 0 for no limit.
        training_rows: Rows of a table that a task is trained on at most, drawn by artists; 0 for all.
        engine: What trainings, studies and features of audio run on: processes of this machine, or Dask.
        scheduler: Address of a Dask scheduler; empty starts a cluster on this machine.
        artists_column: Column of a CSV file of artists; None takes the one that holds artists.
        tracks_per_artist: How many tracks to scrape for each artist.
        max_wait: Longest wait in seconds before a scrape ends and resumes later.
        refresh_days: Age in days from which an artist is scraped anew.
        feature_origins: Where audio features come from, in the order in which to ask.
        genre_origins: Services that name the genres of artists, in this order.
        contact: Mail or web address that is sent to services that ask for one.
        musicbrainz_per_second: Requests per second to MusicBrainz, or to a mirror of it.
        rules: Rule set that decides `genre_bin`: the name of one that ships, or the path of a TOML file.
        refuse_above: Share of rejected records past which a table is refused.
        strict: Whether a table with caveats is refused.
        drift_psi: Population stability index of a feature above which a table has drifted.
        drift_ks: Kolmogorov-Smirnov distance of a feature above which a table has drifted.
        drift_class_share: Change of a class's share of the tracks above which a table has drifted.
        decision: How the champions name a genre: one of `GENRE_DECISIONS`.
        listen_folders: Folders that are searched for audio files in a nightly run; empty for none.
        track_map: How the map of the tracks is drawn: one of `TRACK_MAPS`.
        columns: Columns of a table of tracks as its owner names them, by column of spotify_tracks.
    """

    spotify: Source = setting("sources.spotify", SAMPLE, "GENRELAB_SPOTIFY")
    fma: Source = setting("sources.fma", SAMPLE, "GENRELAB_FMA")
    origin: Source = setting("sources.origin", SAMPLE, "GENRELAB_ORIGIN")
    artists: Annotated[Source | None, _PATH] = setting("sources.artists", None, "GENRELAB_ARTISTS")
    budget: Amount = setting("training.budget", None, "GENRELAB_BUDGET")
    seed: Seed = setting("training.seed", 24)
    cores: Cores = setting("training.cores", 0)
    training_seconds: Whole = setting("training.seconds", 0)
    training_rows: Whole = setting("training.rows", 500_000)
    engine: Engine = setting("training.engine", "processes", "GENRELAB_ENGINE")
    scheduler: Text = setting("training.scheduler", "", "GENRELAB_SCHEDULER")
    artists_column: Annotated[Text | None, _TEXT] = setting("scrape.column", None)
    tracks_per_artist: Whole = setting("scrape.tracks_per_artist", 1)
    max_wait: Duration = setting("scrape.max_wait", 600.0)
    refresh_days: Duration = setting("scrape.refresh_days", 90.0)
    feature_origins: Names = setting("scrape.features", ("spotify", "reccobeats"))
    genre_origins: Names = setting("scrape.genres", ("spotify", "musicbrainz"))
    contact: Text = setting("scrape.contact", "")
    musicbrainz_per_second: Positive = setting("scrape.musicbrainz_per_second", 1.0)
    rules: RuleSet = setting("rules.active", ACTIVE_RULES, "GENRELAB_RULES")
    refuse_above: Share = setting("validation.refuse_above", REFUSE_ABOVE)
    strict: Switch = setting("validation.strict", False)
    drift_psi: Positive = setting("drift.psi", 0.2)
    drift_ks: Positive = setting("drift.ks", 0.1)
    drift_class_share: Positive = setting("drift.class_share", 0.05)
    decision: Named = setting("predict.decision", MOST_ACCURATE)
    listen_folders: Folders = setting("listen.folders", (), "GENRELAB_LISTEN")
    track_map: TrackMap = setting("clusters.map", "pca", "GENRELAB_MAP")
    columns: Annotated[dict[str, ColumnChoice], BeforeValidator(_columns)] = Field(default={})


def load_settings(*, columns: str | None = None, **passed: str | float | None) -> Settings:
    """Return the settings of this process; arguments override the environment, which overrides the file.

    Args:
        columns: Names of columns as `--map` takes them.
        passed: Values by the names of the fields; None, an empty text, False and `configured` leave them as they are.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """
    given: dict[str, Any] = {
        name: value
        for name, value in passed.items()
        if value is not False and value not in (None, "", "configured")
    }
    if columns:
        given["columns"] = mapping_from_words([columns])
    return Settings(home=Home.find(), **given)


def require_tracks_file(settings: Settings) -> None:
    """Raise an error if the Spotify source is the sample or the API but a file of tracks is needed.

    Raises:
        SettingsError: The Spotify source is not a path.
    """
    if settings.spotify in KEYWORDS["spotify"]:
        raise SettingsError(
            "this command needs a file of tracks",
            found=f"spotify = {settings.spotify}",
            allowed="a folder or file of tracks (CSV)",
            do="pass one: `genrelab ingest-spotify FILE`; `genrelab scrape` fetches the sample or tracks from the API",
        )
