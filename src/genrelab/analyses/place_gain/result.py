"""What the place of an artist adds to the sound when the genre is to be named.

Conventions: log losses are in nats; a gain is an improvement: the log loss of the sound alone minus that with the
place, the accuracy with the place minus that of the sound alone. Everything is held out by artist.
"""

from dataclasses import dataclass

from genrelab.evaluation.results import Difference, Score


@dataclass(frozen=True)
class GenreTracks:
    """Tracks of one genre.

    Args:
        genre: Its name.
        tracks: Its tracks.
        artists: Their artists.
    """

    genre: str
    tracks: int
    artists: int


@dataclass(frozen=True)
class PlaceModel:
    """What is predicted from one set of inputs.

    Args:
        name: Its name in MLflow.
        label: Its name for people.
        inputs: Number of input columns.
        log_loss: Of the true genre.
        accuracy: Share of the tracks named rightly.
        loss_gain: Gain in log loss over the sound alone; None for the sound alone.
        accuracy_gain: Gain in accuracy over it.
    """

    name: str
    label: str
    inputs: int
    log_loss: Score
    accuracy: Score
    loss_gain: Difference | None
    accuracy_gain: Difference | None


@dataclass(frozen=True)
class Permuted:
    """Gains in log loss when places are dealt out at random among the artists.

    Args:
        runs: How often.
        mean: Mean of the gains.
        highest: The largest.
        p: Share of the runs, the true one among them, whose gain is at least the true one.
    """

    runs: int
    mean: float
    highest: float
    p: float


@dataclass(frozen=True)
class PlaceGain:
    """What the place adds.

    Args:
        table: The table that was read.
        table_version: Its version.
        sample: Whether that is sample data.
        budget: How much work was done.
        read: Tracks of the table.
        off_globe: Tracks with impossible coordinates.
        placed: Tracks with coordinates.
        placed_artists: Their artists.
        usable: Tracks that have a place, the sound and one of the genres.
        tracks: Those that were used: all, or a sample of whole artists.
        artists: Their artists.
        sound: What the sound is: `Echo Nest's audio features`.
        genres: The genres, the largest first.
        small_genres: Genres with too few artists with a place.
        countries: Countries of the artists used; None where no table says the country.
        folds: Folds by artist.
        repeats: How often they were drawn.
        models: The sets of inputs; the baseline and the sound alone come first.
        permuted: The test with dealt-out places; None if nothing was predicted.
        missing: Why nothing was predicted; empty if something was.
    """

    table: str
    table_version: int
    sample: bool
    budget: str
    read: int
    off_globe: int
    placed: int
    placed_artists: int
    usable: int
    tracks: int
    artists: int
    sound: str
    genres: tuple[GenreTracks, ...]
    small_genres: tuple[str, ...]
    countries: int | None
    folds: int
    repeats: int
    models: tuple[PlaceModel, ...]
    permuted: Permuted | None
    missing: str

    def model(self, name: str) -> PlaceModel | None:
        """Return a set of inputs by name; None if it was not tried."""
        return next((one for one in self.models if one.name == name), None)
