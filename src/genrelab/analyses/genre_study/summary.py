"""Summary of the genre study: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.genre_study.result import ALL, APART, RANDOM, FeatureStudy, GenreStudy, Step


def summarise(study: GenreStudy) -> Summary:
    """Summarise the nearest neighbour and the best step of each set of features, with a row for every step."""
    return Summary(
        "; ".join(map(_line, study.studies)),
        [_row(one, step) for one in study.studies for step in one.steps],
        "Mean Jaccard index of the genres of a track. On FMA's split the output from which a genre is named is chosen "
        "on the validation part; 95 % intervals draw artists.",
    )


def _line(found: FeatureStudy) -> str:
    random, apart = found.curve(RANDOM), found.curve(APART)
    parts = [
        f"{found.title}, {found.used.sampled:,} of {found.used.tracks:,} tracks: Jaccard of the nearest neighbour"
    ]
    if random:
        parts.append(f"{random.mean[0]:.3f} on random rows")
    if apart:
        parts.append(f"{apart.mean[0]:.3f} with artists apart")
    best = found.step(found.best)
    if best and best.score("jaccard") is not None:
        parts.append(f"best step {best.title}: {best.score('jaccard'):.3f} on FMA's split, all genres")
    return " ".join(parts[:2]) + "".join(f", {part}" for part in parts[2:])


def _row(found: FeatureStudy, step: Step) -> dict[str, object]:
    return {
        "features": found.name,
        "labels": "with parents" if step.labels == ALL else "given",
        "step": step.title,
        "document": _text(step.document),
        "random rows": _text(step.random),
        "artists apart": _text(step.apart),
        "FMA's split": _text(step.score("jaccard")),
        "interval": f"{_text(step.score('jaccard', '_low'))} to {_text(step.score('jaccard', '_high'))}",
    }


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
