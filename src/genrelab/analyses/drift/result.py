"""Result of drift: changes of a table since its last version and since champions were trained, and its status.

Conventions: *earlier* is the version that is compared with, *later* the one at hand. Shares are fractions of all rows.
A measure has a level that chance exceeds once in a thousand; both are None where they are not defined.

How tables stand is kept in files of its own (`tasks.drift_status`), which outlive a change of this module: `class`
is the name there of what is called `name` here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

FIRST, COMPARED, LOST = "first", "compared", "lost"
"""The first version of its source, compared with an earlier one, or the earlier one is no longer kept."""
ELSEWHERE = "elsewhere"
"""The champion was trained on data of another source, such as the sample."""
NO_CLASS = "none"
"""Name of the class of the rows without one."""
CLASS_SHARE = "class_share"
"""Kind of a finding about a class; the other kinds are those of features."""

Number = float | None


@dataclass(frozen=True)
class FeatureDrift:
    """The change of a feature.

    Args:
        feature: Its name.
        unit: Its unit.
        psi: Population stability index.
        psi_chance: Its level by chance.
        ks: Kolmogorov-Smirnov distance.
        ks_chance: Its level by chance.
        missing: Share of missing values then and now.
        medians: Medians then and now.
        edges: Edges of the bars of its histogram; empty where it has a bar per value, or is not drawn.
        values: The value of each bar.
        earlier: Share of the known values per bar, then.
        later: The same now.
    """

    feature: str
    unit: str
    psi: Number
    psi_chance: Number
    ks: Number
    ks_chance: Number
    missing: tuple[Number, Number]
    medians: tuple[Number, Number]
    edges: tuple[float, ...] = ()
    values: tuple[int, ...] = ()
    earlier: tuple[float, ...] = ()
    later: tuple[float, ...] = ()

    def measure(self, kind: str) -> tuple[Number, Number]:
        """`psi` or `ks`, and its level by chance."""
        return (self.psi, self.psi_chance) if kind == "psi" else (self.ks, self.ks_chance)


@dataclass(frozen=True)
class ShareChange:
    """The change of the share of a class, and the level of such a change by chance."""

    name: Annotated[str, Field(alias="class")]
    earlier: float
    later: float
    change: float
    chance: float


@dataclass(frozen=True)
class ClassDrift:
    """Every class of a column, the largest changes first."""

    column: str
    shares: tuple[ShareChange, ...]


@dataclass(frozen=True)
class WordCount:
    """A word and the tracks that carry it."""

    word: str
    tracks: int


@dataclass(frozen=True)
class Words:
    """Words that only one of the versions has: those of most tracks, and how many there are.

    Args:
        word: What a word is called.
        new: Words that are new.
        vanished: Words that are gone.
        new_count: How many are new.
        vanished_count: How many are gone.
        kept_count: How many both versions have.
    """

    word: str
    new: tuple[WordCount, ...]
    vanished: tuple[WordCount, ...]
    new_count: int
    vanished_count: int
    kept_count: int


@dataclass(frozen=True)
class Finding:
    """A measure above its limit and above chance.

    Args:
        column: The column.
        kind: `psi`, `ks` or `class_share`.
        name: The class; empty for a feature.
        value: The measure.
        limit: Its limit.
        says: The same in words.
    """

    column: str
    kind: str
    name: Annotated[str, Field(alias="class")]
    value: float
    limit: float
    says: str


@dataclass(frozen=True)
class Measured:
    """What was measured of two versions: features (the largest index first), classes and words."""

    features: tuple[FeatureDrift, ...]
    classes: tuple[ClassDrift, ...]
    words: Annotated[Words | None, BeforeValidator(lambda found: found or None)]


@dataclass(frozen=True)
class Earlier:
    """The version that is compared with."""

    version: int
    id: str
    rows: int
    published_at: str


@dataclass(frozen=True)
class Acceptance:
    """Why a person accepted a drift, when, and of which version."""

    reason: str
    at: str
    version: int


@dataclass(frozen=True)
class Comparison(Measured):
    """A version of a table compared with an earlier one.

    Args:
        status: `FIRST`, `COMPARED`, `LOST` or `ELSEWHERE`.
        earlier: The version that it is compared with.
        findings: What drifted.
        accepted: Why that was accepted.
    """

    status: str
    earlier: Earlier | None
    findings: tuple[Finding, ...]
    accepted: Acceptance | None

    @property
    def is_open(self) -> bool:
        """Return whether it has drifted and the drift is not accepted."""
        return bool(self.findings) and not self.accepted

    @property
    def against(self) -> str:
        """Return the version that it is compared with, in words."""
        return f"version {self.earlier.version}" if self.earlier else "nothing"


@dataclass(frozen=True)
class ChampionDrift(Comparison):
    """The change of a table since champions were trained on it, in the columns that these read.

    It is compared with the version of the training, or with a later one that a person accepted in its place.

    Args:
        champions: Version of each champion, by the name of its registered model.
        trained_on: Identity of the version that they were trained on.
    """

    champions: Mapping[str, str]
    trained_on: str

    @property
    def training_version(self) -> str:
        """Return the number of the version that the champions were trained on."""
        return self.trained_on.partition("@")[0] or "unknown"

    @property
    def obstacle(self) -> str:
        """Return why it is not compared; empty if it is."""
        reasons = {
            LOST: "the lake no longer has that version",
            ELSEWHERE: "its data come from another source",
        }
        return f"not compared with {self.against}: {reasons[self.status]}" if self.status in reasons else ""

    @property
    def against(self) -> str:
        """Return the version that it is compared with, in words."""
        trained = f"{self.whose} {'was' if len(self.champions) == 1 else 'were'} trained"
        if self.earlier is None or self.earlier.id == self.trained_on:
            return f"version {self.training_version}, on which {trained}"
        return f"version {self.earlier.version}, accepted after {trained} on version {self.training_version}"

    @property
    def whose(self) -> str:
        """Return the champions in words."""
        names = list(self.champions)
        if len(names) == 1:
            return f"the champion of {names[0]}"
        return f"the champions of {', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True)
class DriftStatus(Comparison):
    """Drift status of a table: what has changed since its last version, and since champions were trained on it.

    Args:
        table: Its name.
        source: Where the records of the version came from.
        sample: Whether they are sample data.
        version: The version at hand.
        id: Its identity.
        rows: Its rows.
        published_at: When it was published.
        content: Fingerprint of what is compared.
        champions: Comparisons with the other versions that champions were trained on; a status of an earlier version
            of genrelab has none.
    """

    table: str
    source: str
    sample: bool
    version: int
    id: str
    rows: int
    published_at: str
    content: str
    champions: tuple[ChampionDrift, ...] = ()

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Return the comparison with the last version, then those with the versions behind champions."""
        return (self, *self.champions)

    @property
    def waits(self) -> bool:
        """Return whether any drift is open: since the last version, or since a champion was trained."""
        return any(one.is_open for one in self.comparisons)


@dataclass(frozen=True)
class Thresholds:
    """Limits above which a measure is a drift.

    Args:
        psi: Population stability index of a feature. The customary reading is: below 0.1 no change, above
            0.25 a shift of the population (Siddiqi 2006); 0.2 is in use as well and warns a little earlier.
        ks: Kolmogorov-Smirnov distance of a feature: a tenth of the tracks moved across some value. There is no
            customary threshold; this much can take the median to where a neighbouring decile was.
        class_share: Change of a class's share of the tracks. There is no customary threshold; five points are the
            size of a smaller target genre. A class that is new or has vanished counts whatever its share.
    """

    psi: float = 0.2
    ks: float = 0.1
    class_share: float = 0.05


@dataclass(frozen=True)
class DriftReport:
    """The drift status of every table, and the limits that were applied."""

    tables: tuple[DriftStatus, ...]
    thresholds: Thresholds
