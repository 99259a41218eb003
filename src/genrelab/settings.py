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

    [columns]  # of a table of tracks, where its own names are not known: genrelab.column_mapping
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

    [clusters]
    map = "pca"  # or "umap": by UMAP too, installed from requirements-umap.lock

The sections [schedule], [retention] and [notify] are explained in `genrelab.operations`.

Relative paths in the file are taken from the folder it lies in, those of the environment and the command
line from the current folder.
"""

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from genrelab.column_mapping import ColumnChoice, mapping_from_toml, mapping_from_words
from genrelab.errors import SettingsError
from genrelab.files import is_text, read_text
from genrelab.home import Home
from genrelab.validation import REFUSE_ABOVE

SAMPLE = "sample"
KEYWORDS = {"spotify": (SAMPLE, "api"), "fma": (SAMPLE, "download"), "origin": (SAMPLE,)}
ACTIVE_RULES = "reviewed"
"""The rule set that decides `genre_bin` unless another is asked for; docs/decisions/0004-genre-rules.md says why."""
BUDGETS = ("quick", "nightly", "thorough")
LARGEST_NUMBER = 2**63 - 1
LARGEST_SEED = 2**31
"""NumPy takes twice as much; some work counts its seeds on from this one."""
Budget = Literal["configured", "quick", "nightly", "thorough"]
"""What a flow takes; the first leaves it to the settings."""
TRACK_MAPS = ("pca", "umap")
"""Principal components alone, or UMAP beside them."""
KNOWN: dict[str, set[str] | None] = {
    "columns": None,  # the names of a table's columns
    "sources": {"spotify", "fma", "origin", "artists"},
    "training": {"budget", "seed", "cores", "seconds"},
    "rules": {"active"},
    "validation": {"refuse_above", "strict"},
    "drift": {"psi", "ks", "class_share"},
    "clusters": {"map"},
    "scrape": {
        "column",
        "tracks_per_artist",
        "max_wait",
        "refresh_days",
        "features",
        "genres",
        "contact",
        "musicbrainz_per_second",
    },
    "schedule": {"cron", "timezone", "when_busy", "timeout_hours"},
    "retention": {"reports", "table_versions_days", "runs_days", "raw_days", "champions", "backups"},
    "notify": {"webhook"},
}


@dataclass(frozen=True)
class Settings:
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
        artists_column: Column of a CSV file of artists; None takes the one that holds artists.
        tracks_per_artist: How many tracks to scrape for each artist.
        max_wait: Longest wait in seconds that a scrape sits out.
        refresh_days: Age in days from which an artist is scraped anew.
        feature_origins: Where audio features come from, in the order in which to ask.
        genre_origins: Who is asked for the genres of artists, in this order.
        contact: Of whoever scrapes, for services that ask for one.
        musicbrainz_per_second: Requests per second to MusicBrainz, or to a mirror of it.
        rules: Rule set that decides `genre_bin`: the name of one that ships, or the path of a TOML file.
        refuse_above: Share of rejected records past which a table is refused.
        strict: Whether a table with caveats is refused.
        drift_psi: Population stability index of a feature above which a table has drifted.
        drift_ks: Kolmogorov-Smirnov distance of a feature above which it has.
        drift_class_share: Change of a class's share of the tracks above which it has.
        track_map: How the map of the tracks is drawn: one of `TRACK_MAPS`.
        columns: Columns of a table of tracks as its owner names them, by column of spotify_tracks.
    """

    home: Home
    spotify: str = SAMPLE
    fma: str = SAMPLE
    origin: str = SAMPLE
    artists: str | None = None
    budget: str | None = None
    seed: int = 24
    cores: int = 2
    training_seconds: int = 0
    artists_column: str | None = None
    tracks_per_artist: int = 1
    max_wait: float = 600.0
    refresh_days: float = 90.0
    feature_origins: tuple[str, ...] = ("spotify", "reccobeats")
    genre_origins: tuple[str, ...] = ("spotify", "musicbrainz")
    contact: str = ""
    musicbrainz_per_second: float = 1.0
    rules: str = ACTIVE_RULES
    refuse_above: float = REFUSE_ABOVE
    strict: bool = False
    drift_psi: float = 0.2
    drift_ks: float = 0.1
    drift_class_share: float = 0.05
    track_map: str = "pca"
    columns: Mapping[str, ColumnChoice] = field(default_factory=dict)


def load_settings(
    *,
    spotify: str | None = None,
    fma: str | None = None,
    origin: str | None = None,
    artists: str | None = None,
    budget: str | None = None,
    tracks_per_artist: int | None = None,
    max_wait: float | None = None,
    rules: str | None = None,
    strict: bool = False,
    columns: str | None = None,
) -> Settings:
    """Settings of this process; what is passed here overrides the environment and the file.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """
    home = Home.find()
    file = read_settings_file(home.settings_file)
    sources, training, scrape = (file.get(name, {}) for name in ("sources", "training", "scrape"))

    def source(name: str, given: str | None) -> str | None:
        for value, folder, place in (
            (given, Path.cwd(), f"the path of {name}"),
            (os.environ.get(f"GENRELAB_{name.upper()}"), Path.cwd(), f"GENRELAB_{name.upper()}"),
            (sources.get(name), home.root, f"sources.{name} in {home.settings_file}"),
        ):
            if value:
                is_keyword = isinstance(value, str) and value in KEYWORDS.get(name, ())
                return str(value) if is_keyword else str(_path(value, folder, place))
        return None

    passed = budget if budget != "configured" else None
    chosen = passed or os.environ.get("GENRELAB_BUDGET") or training.get("budget")
    if chosen is not None and chosen not in BUDGETS:
        raise SettingsError(
            "the training budget is not known",
            found=repr(chosen),
            allowed=", ".join(BUDGETS),
            do=f"pass --budget, or set training.budget in {home.settings_file}",
        )
    return Settings(
        home=home,
        spotify=source("spotify", spotify) or SAMPLE,
        fma=source("fma", fma) or SAMPLE,
        origin=source("origin", origin) or SAMPLE,
        artists=source("artists", artists),
        budget=chosen,
        seed=_whole(training, "training.seed", 24, home, most=LARGEST_SEED),
        cores=_whole(training, "training.cores", 0, home) or os.cpu_count() or 1,
        training_seconds=_whole(training, "training.seconds", 0, home),
        artists_column=scrape.get("column"),
        tracks_per_artist=tracks_per_artist or _whole(scrape, "scrape.tracks_per_artist", 1, home),
        max_wait=max_wait if max_wait is not None else _whole(scrape, "scrape.max_wait", 600, home),
        refresh_days=_whole(scrape, "scrape.refresh_days", 90, home),
        feature_origins=_names(scrape, "scrape.features", Settings.feature_origins, home),
        genre_origins=_names(scrape, "scrape.genres", Settings.genre_origins, home),
        contact=_text(scrape, "scrape.contact", home),
        musicbrainz_per_second=_positive(
            file, "scrape.musicbrainz_per_second", Settings.musicbrainz_per_second, home
        ),
        rules=_rule_set(rules, file.get("rules", {}).get("active"), home),
        refuse_above=_share(file.get("validation", {}), "validation.refuse_above", REFUSE_ABOVE, home),
        strict=strict or _switch(file, "validation.strict", Settings.strict, home),
        drift_psi=_positive(file, "drift.psi", Settings.drift_psi, home),
        drift_ks=_positive(file, "drift.ks", Settings.drift_ks, home),
        drift_class_share=_positive(file, "drift.class_share", Settings.drift_class_share, home),
        track_map=_track_map(file.get("clusters", {}).get("map"), home),
        columns=mapping_from_toml(file.get("columns", {}), str(home.settings_file))
        | mapping_from_words([columns] if columns else []),
    )


def require_tracks_file(settings: Settings) -> None:
    """Refuse the sample and the API, which are scraped, where a file of tracks is needed.

    Raises:
        SettingsError: The Spotify source is no path.
    """
    if settings.spotify in KEYWORDS["spotify"]:
        raise SettingsError(
            "this command reads a file of tracks",
            found=f"spotify = {settings.spotify}",
            allowed="a folder or file of tracks (CSV)",
            do="name one: `genrelab ingest-spotify FILE`; `genrelab scrape` gets the sample, or tracks from the API",
        )


def _track_map(in_file: Any, home: Home) -> str:
    """How the map is drawn, from GENRELAB_MAP or the file."""
    named = os.environ.get("GENRELAB_MAP")
    chosen = named or (Settings.track_map if in_file is None else in_file)
    if chosen not in TRACK_MAPS:
        raise SettingsError(
            "the map of the tracks is not known",
            found=repr(chosen),
            allowed=", ".join(TRACK_MAPS),
            do=f"mend {'GENRELAB_MAP' if named else f'clusters.map in {home.settings_file}'}",
        )
    return str(chosen)


def _rule_set(given: str | None, in_file: Any, home: Home) -> str:
    """Name of a rule set that ships, or the path of an existing file; its content is checked where it is read."""
    for value, folder, place in (
        (given, Path.cwd(), "--rules"),
        (os.environ.get("GENRELAB_RULES"), Path.cwd(), "GENRELAB_RULES"),
        (in_file, home.root, f"rules.active in {home.settings_file}"),
    ):
        if value is None or value == "":
            continue
        shipped = sorted(file.stem for file in (Path(__file__).parent / "rules").glob("*.toml"))
        if value in shipped:
            return str(value)
        path = _path(value, folder, place) if isinstance(value, str) else None
        if path is None or not path.is_file():
            raise SettingsError(
                "there is no such rule set",
                found=repr(value),
                allowed=f"{', '.join(shipped)}, or the path of a TOML file",
                do=f"mend {place}; `genrelab rules check FILE` tells what is wrong with a file of your own",
            )
        return str(path)
    return ACTIVE_RULES


def _path(value: Any, folder: Path, place: str) -> Path:
    """A path that a person wrote, from the folder in which it was meant."""
    problem = "no text" if not isinstance(value, str) else ""
    if not problem:
        try:
            return _in_text((folder / Path(value).expanduser()).resolve(), place)
        except (RuntimeError, ValueError, OSError) as error:  # nobody's home, a NUL, a circle of links
            problem = str(error)
    raise SettingsError(
        f"{place} is no path",
        found=f"{value!r}: {problem}",
        allowed="the path of a file or folder",
        do="mend it",
    )


def _in_text(path: Path, place: str) -> Path:
    """The path, which Prefect and the records of steps keep as text."""
    if is_text(str(path)):
        return path
    raise SettingsError(
        f"{place} holds bytes that are no UTF-8",
        found=repr(str(path)),
        allowed="any path in UTF-8, also of a folder whose files are named otherwise",
        do="rename it: mv, or convmv where it is many",
    )


def _names(section: dict[str, Any], name: str, default: tuple[str, ...], home: Home) -> tuple[str, ...]:
    """Who is asked, in order."""
    value = section.get(name.split(".")[1])
    if value is None:
        return default
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SettingsError(
            f"{name} is not a list of names",
            found=repr(value),
            allowed=repr(list(default)),
            do=f"mend it in {home.settings_file}",
        )
    return tuple(value)


def _text(section: dict[str, Any], name: str, home: Home) -> str:
    value = section.get(name.split(".")[1], "")
    if not isinstance(value, str):
        raise SettingsError(
            f"{name} is no text", found=repr(value), allowed="text", do=f"mend it in {home.settings_file}"
        )
    return value.strip()


def _share(section: dict[str, Any], name: str, default: float, home: Home) -> float:
    value = section.get(name.split(".")[1], default)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise SettingsError(
            f"{name} is not a share",
            found=repr(value),
            allowed="0 to 1",
            do=f"mend it in {home.settings_file}",
        )
    return float(value)


def _whole(
    section: dict[str, Any], name: str, default: int, home: Home, *, most: int = LARGEST_NUMBER
) -> int:
    value = section.get(name.split(".")[1], default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise SettingsError(
            f"{name} is not a whole number in its range",
            found=repr(value),
            allowed=f"0 to {most}" if most < LARGEST_NUMBER else "0 or more",
            do=f"mend it in {home.settings_file}",
        )
    return value


def _switch(file: dict[str, Any], name: str, default: bool, home: Home) -> bool:
    section, key = name.split(".")
    value = file.get(section, {}).get(key, default)
    if not isinstance(value, bool):
        raise SettingsError(
            f"{name} is neither true nor false",
            found=repr(value),
            allowed="true, false",
            do=f"mend it in {home.settings_file}",
        )
    return value


def _positive(file: dict[str, Any], name: str, default: float, home: Home) -> float:
    section, key = name.split(".")
    value = file.get(section, {}).get(key, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < math.inf:
        raise SettingsError(
            f"{name} is not a positive number",
            found=repr(value),
            allowed="more than 0",
            do=f"mend it in {home.settings_file}",
        )
    return float(value)


def read_settings_file(path: Path) -> dict[str, Any]:
    """Every section of the settings' file; empty when there is none.

    Raises:
        SettingsError: It is no file, not TOML, or holds a section or a setting that is not known.
    """
    if path.is_dir() or (path.is_symlink() and not path.exists()):
        raise SettingsError(
            f"{path} is no file",
            found="a folder, as Docker makes one for a file that is not there to mount"
            if path.is_dir()
            else "a link that leads nowhere",
            allowed="a TOML file, or nothing",
            do="remove it, or put the settings there",
        )
    if not path.is_file():
        return {}
    try:
        settings = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is not a TOML file",
            found=str(error),
            do="mend that line; docs/guide.md shows every setting",
        ) from None
    for section, values in settings.items():
        if section not in KNOWN or not isinstance(values, dict):
            raise SettingsError(
                f"{path} has an unknown section",
                found=section,
                allowed=", ".join(sorted(KNOWN)),
                do="remove or rename it",
            )
        known = KNOWN[section]
        if known is not None and (unknown := sorted(set(values) - known)):
            raise SettingsError(
                f"{path} has an unknown setting in [{section}]",
                found=", ".join(unknown),
                allowed=", ".join(sorted(known)),
                do="remove or rename it",
            )
    return settings
