"""FMA: A Dataset For Music Analysis.

Dataset: metadata of 106,574 tracks of the Free Music Archive, a tree of 163 genres, 518 librosa features per
track, and Echo Nest's features for 13,129 of them.
Source: fma_metadata.zip of https://github.com/mdeff/fma, 342 MiB, sha1 in `genrelab.sources.fma.download`.
Cite: Defferrard, Benzi, Vandergheynst and Bresson, "FMA: A Dataset For Music Analysis", ISMIR 2017.
License: metadata CC BY 4.0; the audio, which is not touched here, as each artist chose.

Conventions: `open_archive` takes the zip or the folder; one function per table takes the archive. Tables that
fit in memory come as `Ingested`, the wide ones as `Staged`: Parquet in staging, to be audited through its
profile and committed by `Lake.publish_files`. Tables are declared in `genrelab.tables.fma`.
"""

from genrelab.sources.fma.archive import Archive, fingerprint, open_archive
from genrelab.sources.fma.download import download
from genrelab.sources.fma.ids import judge_joins
from genrelab.sources.fma.narrow import raw_member, read_echonest, read_genres, read_raw, read_tracks
from genrelab.sources.fma.sample import write_sample
from genrelab.sources.fma.select import feature_columns, in_split, in_subset, moments, of_tracks
from genrelab.sources.fma.tree import GenreTree
from genrelab.sources.fma.wide import Staged, stage, stage_echonest, stage_features, stage_raw_echonest

__all__ = [
    "Archive",
    "GenreTree",
    "Staged",
    "download",
    "feature_columns",
    "fingerprint",
    "in_split",
    "in_subset",
    "judge_joins",
    "moments",
    "of_tracks",
    "open_archive",
    "raw_member",
    "read_echonest",
    "read_genres",
    "read_raw",
    "read_tracks",
    "stage",
    "stage_echonest",
    "stage_features",
    "stage_raw_echonest",
    "write_sample",
]
