"""The places in MLflow: a parent run, and below it one run per tested table of genres and places."""

from genrelab.analyses.places.pages.charts import rates_chart
from genrelab.analyses.places.pages.genres import genres_chart
from genrelab.analyses.places.pages.maps import places_map
from genrelab.analyses.places.result import CrossTable, Places
from genrelab.analyses.runs import Run
from genrelab.report.figure import Chart
from genrelab.runtime.records import encode
from genrelab.tables.places import DECISIONS, SUSPICIONS

WORDS = {name: name.replace(" ", "_") for name in (*DECISIONS, *SUSPICIONS)}


def runs_of(found: Places) -> Run:
    """Return the tree of runs."""
    tags = {
        "table": found.table,
        "table_version": str(found.table_version),
        "sample": str(found.sample).lower(),
        "rule_set": "",
        "duplicates": "kept",
    }
    charts = {
        "map": places_map(found) if found.counted_artists else None,
        "rates": rates_chart(found),
        "genres": genres_chart(found),
    }
    return Run(
        "places",
        f"places · {found.table} version {found.table_version}",
        tags={**tags, "task": "places"},
        params={"countries": len(found.countries), "states": len(found.states)},
        metrics={
            "stated_tracks": found.stated_tracks,
            "located_artists": found.located_artists,
            "counted_artists": found.counted_artists,
            "counted_tracks": found.counted_tracks,
            **{f"decided/{WORDS[name]}": number for name, number in found.decided.items()},
            **{f"odd/{WORDS[name]}": sum(one.kind == name for one in found.odd) for name in SUSPICIONS},
            **{f"artists/{one.name}": one.artists for one in found.continents},
            **{f"tracks/{one.name}": one.tracks for one in found.continents},
        },
        views={
            f"{name}-{key or name}.png": [[view]]
            for name, chart in charts.items()
            if isinstance(chart, Chart)
            for key, view in chart.views.items()
        },
        files={"places.json": encode(found)},
        runs=[_table(one, tags) for one in (found.document, *found.tables) if one.tests],
    )


def _table(one: CrossTable, tags: dict[str, str]) -> Run:
    tests = one.tests
    assert tests is not None  # noqa: S101 - the caller has asked
    metrics: dict[str, float | None] = {
        "chi_squared": tests.tracks.statistic,
        "p_tracks": tests.tracks.p,
        "p_artists_permuted": tests.permuted.p,
        "p_clustered": tests.clustered.p,
        "p_fisher": tests.fisher,
        "p_artists_once": tests.artists.p if tests.artists else None,
        "p_artists_once_permuted": tests.once.p if tests.once else None,
        "fewest_expected": tests.tracks.fewest_expected,
        "inflation": tests.permuted.inflation,
        "cramers_v": tests.v,
        "cramers_v_corrected": tests.corrected_v,
    }
    return Run(
        one.name,
        f"genre by place · {one.name}",
        tags={**tags, "task": f"genre by {one.name}"},
        params={
            "places": len(one.places),
            "genres": len(one.genres),
            "freedom": tests.tracks.freedom,
            "permutations": tests.permuted.permutations,
        },
        metrics={name: value for name, value in metrics.items() if value is not None},
    )
