"""Summary of the archive: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.archive.result import Archive, Kinds


def summarise(found: Archive) -> Summary:
    """Summarise the metadata and the outliers."""
    said: list[str] = []
    rows: list[dict[str, object]] = []
    if found.profile:
        kinds = (found.profile.languages, found.profile.licences, found.profile.bit_rates)
        said += [_sentence(one) for one in kinds if one.kinds]
        rows = [row for one in kinds for row in _rows(one)]
    if found.outliers:
        said.append(
            f"{found.outliers.touched:,} of {found.outliers.tracks:,} tracks are outliers in one of "
            f"{len(found.outliers.features)} features"
        )
    said += [f"{name} is absent" for name in found.absent]
    return Summary("; ".join(said) or "nothing to describe", rows, "Languages, licences and bit rates.")


def _sentence(found: Kinds) -> str:
    first = found.kinds[0]
    return f"{found.column}: {first.name} {first.share.value:.1%} of {found.tracks:,} tracks"


def _rows(found: Kinds) -> list[dict[str, object]]:
    return [
        {
            "column": found.column,
            "kind": one.name,
            "tracks": one.tracks,
            "artists": one.artists,
            "share of tracks": round(one.share.value, 4),
            "artists counted once": round(one.by_artist, 4),
        }
        for one in found.kinds
    ]
