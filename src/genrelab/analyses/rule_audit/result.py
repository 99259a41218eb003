"""What each rule set does to real tracks, how the sets differ, and what a forest and the FMA make of them.

Conventions: `tracks` counts tracks; shares are fractions of all of them. A micro-genre is contested when rules of
several bins hit it: the first of them wins it, and the order of the rules is then an opinion. Lists are sorted by
weight, then by name. A bin that is None is no bin; an origin that is None is of tracks whose artist has no
genre. Mappings without another word are by the name of a rule set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from genrelab.analyses.features.result import SourceComparison

Bin = str | None


@dataclass(frozen=True)
class BinShare:
    """The tracks in a bin, and their share of all."""

    bin: Bin
    tracks: int
    share: float


@dataclass(frozen=True)
class RuleUse:
    """What became of a rule.

    Args:
        rule: Its name.
        bin: Its bin.
        tracks: Tracks that it decides.
        micro_genres_hit: Micro-genres that it hits.
        micro_genres_won: Those of them that no earlier rule hits.
        is_never_hit: Whether it hits nothing.
        is_shadowed: Whether earlier rules win all that it hits.
    """

    rule: str
    bin: str
    tracks: int
    micro_genres_hit: int
    micro_genres_won: int
    is_never_hit: bool
    is_shadowed: bool

    @property
    def is_idle(self) -> bool:
        """Whether it decides nothing."""
        return self.is_never_hit or self.is_shadowed


@dataclass(frozen=True)
class UnmatchedGenre:
    """A micro-genre that no rule hits; `tracks_without_bin` of its tracks stay without a bin."""

    micro_genre: str
    tracks: int
    tracks_without_bin: int


@dataclass(frozen=True)
class ContestedGenre:
    """A micro-genre that several rules claim."""

    micro_genre: str
    tracks: int
    claimed_by: tuple[str, ...]
    won_by: str


@dataclass(frozen=True)
class Unmatched:
    """How many micro-genres no rule hits, and those of most tracks."""

    micro_genres: int
    shown: tuple[UnmatchedGenre, ...]


@dataclass(frozen=True)
class Contested:
    """How many micro-genres are contested, tracks that carry one, and those of most tracks."""

    micro_genres: int
    tracks: int
    shown: tuple[ContestedGenre, ...]


@dataclass(frozen=True)
class SetAudit:
    """Coverage, conflicts and gaps of a rule set.

    Args:
        rule_set: Its name.
        decision: How it decides, one of `genrelab.rules.model.DECISIONS`.
        tracks: All tracks.
        coverage: Share of them with a bin.
        counts: See `genrelab.rules.Binned`.
        bins: Tracks per bin, the one named None last.
        rules: The rules in their order.
        unmatched: Micro-genres without a rule.
        contested: Micro-genres of several rules.
    """

    rule_set: str
    decision: str
    tracks: int
    coverage: float
    counts: Mapping[str, int]
    bins: tuple[BinShare, ...]
    rules: tuple[RuleUse, ...]
    unmatched: Unmatched
    contested: Contested


@dataclass(frozen=True)
class Decider:
    """The micro-genres that decided before and after a move, and the tracks so decided."""

    before: Annotated[str | None, Field(alias="from")]
    after: Annotated[str | None, Field(alias="to")]
    tracks: int


@dataclass(frozen=True)
class Move:
    """Tracks that another rule set sends to another bin, and what decided them most often."""

    before: Annotated[Bin, Field(alias="from")]
    after: Annotated[Bin, Field(alias="to")]
    tracks: int
    decided_by: tuple[Decider, ...]


@dataclass(frozen=True)
class Comparison:
    """Which tracks two rule sets send to different bins.

    Args:
        before: Name of the set that is compared from.
        after: Name of the set that is compared to.
        tracks: All tracks.
        same: Tracks in one bin under both, or in none under both.
        both_binned: Tracks that both bin.
        agreement: Share of these that agree.
        coverage_from: Coverage of the first set.
        coverage_to: Coverage of the second.
        moves: Tracks per pair of different bins, most first.
    """

    before: Annotated[str, Field(alias="from")]
    after: Annotated[str, Field(alias="to")]
    tracks: int
    same: int
    both_binned: int
    agreement: float
    coverage_from: float
    coverage_to: float
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class OriginCoverage:
    """Artists and tracks whose genres are of one origin, and how many of the tracks each set bins."""

    origin: str | None
    artists: int
    tracks: int
    binned: Mapping[str, int]


@dataclass(frozen=True)
class Score:
    """Mean of a score over several draws, and its 95 % interval."""

    value: float
    low: float
    high: float
    by_seed: tuple[float, ...]


Scores = Mapping[str, Mapping[str, Score]]
"""By rule set, then by metric."""


@dataclass(frozen=True)
class AudioRecoverability:
    """How well a forest recovers the bins of each rule set from sound.

    Args:
        rows: Distinct rows that every set bins, or a sample of them.
        of: All of them.
        features: Number of features used.
        groups: Artist groups of the rows.
        seeds: Seed of each draw of artists.
        trees: Trees of the forest.
        min_samples_leaf: Rows in a leaf at least.
        bins: How many bins occur.
        sets: Scores of each set.
        differences: Each set against the first, over the same draws.
    """

    rows: int
    of: int
    features: int
    groups: int
    seeds: tuple[int, ...]
    trees: int
    min_samples_leaf: int
    bins: Mapping[str, int]
    sets: Scores
    differences: Scores


@dataclass(frozen=True)
class FmaGenre:
    """A genre of the Free Music Archive: its title, its top genre, its tracks, and its bin by each set."""

    genre: str | None
    top: str | None
    tracks: int | None
    bins: Mapping[str, Bin]


@dataclass(frozen=True)
class BinCount:
    """The tracks in a bin."""

    bin: Bin
    tracks: int


@dataclass(frozen=True)
class FmaSet:
    """What a rule set makes of the archive: genres and tracks with a bin, and the tracks per bin."""

    genres_binned: int
    tracks: int
    tracks_binned: int
    bins: tuple[BinCount, ...]


@dataclass(frozen=True)
class FmaBins:
    """The archive under every rule set; genres of most tracks first."""

    genres: tuple[FmaGenre, ...]
    sets: Mapping[str, FmaSet]


@dataclass(frozen=True)
class RuleAudit:
    """The audit of all rule sets.

    Args:
        active: Name of the set that decides.
        table: The table whose tracks are binned.
        table_version: Its version.
        sets: An audit of each set.
        comparisons: Every two sets.
        origins: Coverage by who named the genres.
        recoverability: Recoverability from audio; None if there are too few tracks.
        recoverability_skipped: Why, where it is None.
        fma: FMA's genres and tracks under the same rules; None before FMA was read.
        sound: What each bin sounds like in both sources; empty without FMA's Echo Nest features.
    """

    active: str
    table: str
    table_version: int
    sets: tuple[SetAudit, ...]
    comparisons: tuple[Comparison, ...]
    origins: tuple[OriginCoverage, ...]
    recoverability: AudioRecoverability | None
    recoverability_skipped: str
    fma: FmaBins | None
    sound: Mapping[str, SourceComparison]
