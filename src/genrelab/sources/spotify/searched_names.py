"""Whether a label may belong to the name that was searched for instead of the track's artist.

The capstone project's pulls searched Spotify's tracks for the names of a list of artists. A row holds the searched name
and its micro-genres, but the id of the artist who made the track. Where the name matched words of the title, the
micro-genres are somebody else's: searching the deathcore band Spite found "In Spite of Ourselves".

Conventions
    - Names and titles are compared as words: without capitals and accents, every other sign but letters and digits a
      blank. A name of punctuation alone ("!!!") cannot be compared. Scripts without blanks only match as a whole.
    - A title's own words end before the first bracket, dash between blanks, or "feat.". Behind them stand guests and
      remixers, whose micro-genres fit the track. Short and common names are no exception: the search was misled most by
      them.
    - Only a source whose ids contradict its names was searched by name. Playlist exports and scrapes name a track's own
      artist, and a song called like its artist is no reason for doubt there.

What follows for training does not belong here but in `genrelab.models.suspect_labels`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.sorting import distinct_counts
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.rules.model import strip_accents
from genrelab.sources.identity import NAME

CONTRADICTED = 0.05
"""Share of rows that share their artist id with another name, from which on a source was searched by name.

The capstone project's pulls have 0.44; a source that names a track's own artist has hardly any.
"""

OWN_WORDS = r"(?is)^(.+?)(?:[(\[{]|\s[-\x{2013}\x{2014}]\s|\s(?:feat|ft|featuring)\b).*$"


@dataclass(frozen=True)
class SearchedNames:
    """One value per row; missing where nothing can be said.

    Args:
        name_in_title: Whether the artist's name occurs in the title as a sequence of whole words.
        names_of_artist_id: How many names share the artist id; missing for an id that was made from the name.
        label_is_suspect: Whether it occurs in the title's own words, in a source that was searched by name.
    """

    name_in_title: pa.Array
    names_of_artist_id: pa.Array
    label_is_suspect: pa.Array


def find_searched_names(tracks: pa.Table, names: "NamesOfIds") -> SearchedNames:
    """Compare the names of a source with its titles and artist ids.

    Args:
        tracks: `artist_id`, `artist_name` and `track_name` of rows of a source.
        names: The names of the artist ids of these rows.
    """
    counts = pa.array(names.counts, pa.int64(), mask=names.counts == 0)
    artists, titles = _words(tracks["artist_name"]), tracks["track_name"].combine_chunks()
    is_in_title = _contains(_words(titles), artists)
    is_suspect = pc.and_(is_in_title, pa.scalar(names.was_searched))
    own_words = pc.replace_substring_regex(titles.filter(is_suspect), OWN_WORDS, r"\1")
    is_suspect = pc.replace_with_mask(
        is_suspect,
        pc.fill_null(is_suspect, fill_value=False),
        _contains(_words(own_words), artists.filter(is_suspect)),
    )
    return SearchedNames(is_in_title, counts, pc.if_else(counts.is_valid(), is_suspect, None))


@dataclass(frozen=True)
class NamesOfIds:
    """How many names share the artist id of each row.

    Args:
        counts: Shape (rows,); 0 for an id that was made from the name.
        was_searched: Whether the source was searched by name: `CONTRADICTED` of its rows share their id.
    """

    counts: npt.NDArray[np.int32]
    was_searched: bool

    @classmethod
    def of(cls, rows: Rows, folder: Path) -> "NamesOfIds":
        """Count the names in `artist_id` and `artist_name` of all rows of a source.

        Args:
            rows: The rows.
            folder: Where some of them wait on disk.
        """
        counts, start = distinct_counts(rows, "artist_name", "artist_id", folder), 0
        for part in batches_of(rows, ["artist_id"]):
            made_from_name = pc.fill_null(pc.starts_with(part["artist_id"], NAME), fill_value=True)
            counts[start : start + len(part)][np.asarray(made_from_name)] = 0
            start += len(part)
        shared, known = int(np.count_nonzero(counts > 1)), int(np.count_nonzero(counts))
        return cls(counts, shared / max(known, 1) >= CONTRADICTED)

    def slice(self, start: int, rows: int) -> "NamesOfIds":
        """The same of some consecutive rows."""
        return NamesOfIds(self.counts[start : start + rows], self.was_searched)


def _words(texts: Any) -> Any:
    """Texts as words with one blank before and after each; missing without any."""
    distinct = texts.dictionary_encode()
    distinct = distinct.combine_chunks() if isinstance(distinct, pa.ChunkedArray) else distinct
    plain = pc.utf8_lower(strip_accents(distinct.dictionary))
    words = pc.replace_substring_regex(plain, r"[^\p{L}\p{N}]+", " ")
    padded = pc.binary_join_element_wise(" ", pc.utf8_trim_whitespace(words), " ", "")
    return pc.if_else(pc.equal(padded, "  "), None, padded).take(distinct.indices)


def _contains(texts: Any, parts: Any) -> pa.Array:
    """Whether each text contains the part in its row; missing without a part, False without a text."""
    pairs = zip(texts.to_pylist(), parts.to_pylist(), strict=True)
    return pa.array([None if part is None else part in (text or "") for text, part in pairs], pa.bool_())
