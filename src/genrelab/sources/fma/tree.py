"""FMA's genre tree: parents, roots, and the path from a genre up to its root.

Conventions: a parent of 0 marks a root, as in genres.csv; a path is read leaf to root. A parent that is not
in the tree ends the path, and so does a cycle: the tree is read, not repaired.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

ROOT = 0


@dataclass(frozen=True)
class GenreTree:
    """The tree.

    Args:
        titles: Name by genre id.
        parents: Parent by genre id; `ROOT` for a root.
    """

    titles: dict[int, str]
    parents: Mapping[int, int]

    @classmethod
    def from_table(cls, genres: pa.Table) -> "GenreTree":
        """The tree of the rows of `fma_genres`."""
        ids = genres["genre_id"].to_pylist()
        titles = dict(zip(ids, genres["title"].to_pylist(), strict=True))
        return cls(titles, dict(zip(ids, genres["parent_id"].to_pylist(), strict=True)))

    def path_ids(self, genre: int) -> list[int]:
        """Ids from the genre itself up to its root; empty for an unknown genre."""
        found: list[int] = []
        while genre in self.titles and genre not in found:
            found.append(genre)
            genre = self.parents.get(genre) or ROOT
        return found

    def path(self, genre: int) -> list[str]:
        """Names from the genre itself up to its root.

        >>> GenreTree({12: "Rock", 25: "Punk"}, {12: 0, 25: 12}).path(25)
        ['Punk', 'Rock']
        """
        return [self.titles[one] for one in self.path_ids(genre)]

    def root(self, genre: int) -> int | None:
        """Id of the root above a genre, None for an unknown genre."""
        path = self.path_ids(genre)
        return path[-1] if path else None

    def roots(self) -> list[int]:
        """Ids of all roots."""
        return [genre for genre, parent in self.parents.items() if parent == ROOT]

    def children(self, genre: int) -> list[int]:
        """Ids of the genres right below a genre."""
        return [one for one, parent in self.parents.items() if parent == genre]
