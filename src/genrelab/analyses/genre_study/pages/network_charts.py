"""Charts of networks: hidden units, the output from which a genre is named, and the sigmoid applied twice."""

from collections.abc import Sequence

from genrelab.analyses.genre_study.pages.words import COLOURS, by_features
from genrelab.analyses.genre_study.result import OFFICIAL, RANDOM, FeatureStudy, SigmoidTwice, ThresholdStudy
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Chart, Grid, Picker, View, table
from genrelab.report.wording import count, decimal, sentence

VALIDATION = "var(--genre-hardcore)"


def widths(studies: Sequence[FeatureStudy]) -> Chart | None:
    """Draw the index over the units of the hidden layer."""
    return by_features("widths", studies, _widths)


def _widths(found: FeatureStudy) -> View | None:
    if not found.widths:
        return None
    units = [one.units for one in found.widths]
    best = max(found.widths, key=lambda one: one.validation)
    series = [
        Line(
            units,
            values,
            f"%{{x}} units, {name}: %{{y:.3f}}",
            name=sentence(name),
            colour=colour,
            dash=dash,
            dots=6,
        )
        for name, values, colour, dash in (
            ("validation part", [one.validation for one in found.widths], VALIDATION, "dash"),
            ("test part", [one.official for one in found.widths], COLOURS[OFFICIAL], "solid"),
        )
    ]
    return View(
        title=f"{best.units} hidden units are best on the validation part, and reach {decimal(best.official)} on "
        "the test part",
        caption=f"Jaccard index of networks with one hidden layer on FMA's split, all genres, {found.epochs} "
        "passes. The "
        "output from which a genre is named is chosen on the validation part.",
        grid=table(
            ("Units", "Validation part", "Test part"),
            [(str(one.units), decimal(one.validation), decimal(one.official)) for one in found.widths],
        ),
        **lines(
            series,
            across={
                "title": {"text": "Hidden units"},
                "type": "log",
                "tickvals": units,
                "ticktext": list(map(str, units)),
            },
            up={"title": {"text": "Jaccard index"}, "rangemode": "tozero", "tickformat": ".2f"},
        ),
    )


def thresholds(studies: Sequence[FeatureStudy]) -> Chart | None:
    """Draw the index over the output from which a genre is named."""
    views = {
        f"{one.name}|{study.step}": _threshold(one, study) for one in studies for study in one.thresholds
    }
    if not views:
        return None
    steps = {study.step: _title(one, study) for one in studies for study in one.thresholds}
    return Chart(
        "thresholds",
        views,
        (
            Picker("Features", tuple((one.name, one.title) for one in studies if one.thresholds)),
            Picker("Network", tuple(steps.items())),
        ),
    )


def _title(found: FeatureStudy, study: ThresholdStudy) -> str:
    step = found.step(study.step)
    return step.title if step else study.step


def _threshold(found: FeatureStudy, study: ThresholdStudy) -> View:
    at, hindsight = study.by_hindsight()
    chosen = study.at_chosen()
    series = [
        Line(
            study.thresholds,
            values,
            f"{name}, from %{{x:.2f}} on: %{{y:.3f}}",
            name=name,
            colour=colour,
            dash=dash,
        )
        for name, values, colour, dash in (
            ("Random tracks (the student project's way)", study.random, COLOURS[RANDOM], "dot"),
            ("FMA's validation part", study.validation, VALIDATION, "dash"),
            ("FMA's test part", study.official, COLOURS[OFFICIAL], "solid"),
        )
    ]
    step = found.step(study.step)
    reported = (
        f" The student project reports {decimal(step.document)} at {study.document:g}, on random tracks."
        if step
        else ""
    )
    marks = [Mark(study.chosen, f" chosen: {study.chosen:g} ", is_at_foot=True)]
    if at != study.chosen:
        marks.append(Mark(at, f" with hindsight: {at:g} ", is_at_foot=True))
    shown = sorted(
        {0.01, 0.05, 0.1, 0.15, 0.2, 0.24, 0.3, 0.4, 0.49, study.chosen, at} & set(study.thresholds)
    )
    return View(
        title=f"{_title(found, study)}: {decimal(chosen)} at the output chosen on validation, {decimal(hindsight)} "
        "at the "
        "one that is best on the test tracks",
        caption="Jaccard index by the output from which a genre is named. The student project chooses the output on"
        " the test "
        f"tracks, which is worth {decimal(hindsight - chosen)} here.{reported}",
        grid=table(
            ("Named from", "Random tracks", "Validation part", "Test part"),
            [
                (
                    f"{cut:g}",
                    *(
                        decimal(values[study.thresholds.index(cut)])
                        for values in (study.random, study.validation, study.official)
                    ),
                )
                for cut in shown
            ],
        ),
        **lines(
            series,
            across={"title": {"text": "Output from which a genre is named"}, "tickformat": ".1f"},
            up={"title": {"text": "Jaccard index"}, "rangemode": "tozero", "tickformat": ".2f"},
            marks=marks,
        ),
    )


def twice_table(found: SigmoidTwice) -> Grid:
    """What rules name where the sigmoid is applied twice, and once."""
    return table(
        ("A genre is named where", "Sigmoid applied", "Genres named per track", "Jaccard index"),
        [
            (one.rule, "twice" if one.sigmoids > 1 else "once", decimal(one.named, 1), decimal(one.jaccard))
            for one in found.rules
        ],
        f"{count(found.tracks)} test tracks",
    )
