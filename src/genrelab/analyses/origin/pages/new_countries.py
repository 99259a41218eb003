"""Scores for countries that were in training beside those for countries that were left out.

Conventions: scores are the blend's, which was chosen on the usual folds; each stands beside the best answer that needs
no music under the same folds, a hollow diamond.
"""

from genrelab.analyses.origin.pages.scores import BLEND, interval_text, show
from genrelab.analyses.origin.result import CV, LEFT_OUT, Answer, NewCountries, OriginStudy, Question
from genrelab.report.charts import intervals
from genrelab.report.figure import Chart, Grid, View, columns, single, text_cells
from genrelab.report.wording import DASH, INTERVAL, count, percent, plural, sentence

WITHOUT_MUSIC = {
    "majority": "always the commonest side",
    "commonest_side": "always the commonest side",
    "central_place": "always the most central capital",
    "median_place": "always the most central point",
}
MUCH = 0.5
"""Share of the lead over the baseline that has to be left for new countries; and of the tracks of a large country."""


def asked_again(study: OriginStudy) -> list[tuple[Question, NewCountries]]:
    """Return the questions that were asked about new countries."""
    return [(asked, asked.left_out) for asked in study.tasks if asked.left_out is not None]


def words(study: OriginStudy) -> str:
    """Say how countries were left out, or why they were not."""
    if not study.country_folds:
        return study.why_not_left_out
    again = [asked for asked, _ in asked_again(study)]
    times = "once" if study.repeats == 1 else f"{count(study.repeats)} times"
    text = (
        "The scores further down have tracks of every country in training, so a model that recognises the country "
        "knows its side and its place. Here whole countries are left out: "
        f"{count(again[0].blend.scores[f'{LEFT_OUT}/countries'])} countries in {plural(study.country_folds, 'fold')}, "
        f"drawn {times}. The blend is the same; nothing is chosen again. An answer without music knows the countries "
        "in training only. The country itself cannot be asked for: no model has heard it."
    )
    models = [(asked, run) for asked in again for run in asked.runs]
    left = sum(not _is_asked(asked, run) for asked, run in models)
    if left:
        text += f" To save time, {count(left)} of {plural(len(models), 'model')} are not asked; the tables show which."
    largest = study.largest
    if largest.tracks >= MUCH * study.tracks:
        text += (
            f" {largest.country} has {percent(largest.tracks / study.tracks, 0)} of the tracks: where it is left out, "
            f"models learn from {count(study.tracks - largest.tracks)} tracks, and its tracks decide the scores."
        )
    return text


def new_countries(asked: Question, left_out: NewCountries) -> Chart:
    """Draw the blend's score on one question for known and for new countries, with the baseline of each."""
    splits = (CV, LEFT_OUT)
    values, lows, highs = (
        [asked.score(asked.blend, end, split) for split in splits] for end in ("", "_low", "_high")
    )
    baselines = (asked.baseline, left_out.baseline)
    drawing = intervals(
        ("Other tracks of the country in training", "Country left out of training"),
        values,
        lows,
        highs,
        [show(asked, value) for value in values],
        ["var(--quiet)", "var(--accent)"],
        axis="Mean great-circle error in km" if asked.is_distance else "Accuracy",
        is_share=not asked.is_distance,
        others=[(row, value, "without music") for row, value in enumerate(baselines)],
    )
    drawing["traces"][1]["text"] = [f"without music {show(asked, value)}" for value in baselines]
    if asked.is_distance:
        drawing["layout"]["xaxis"]["tickformat"] = ",.0f"
    scores = asked.blend.scores
    view = View(
        title=f"{asked.title}: {show(asked, values[0])} where the country is in training, {show(asked, values[1])} "
        f"where it is new, {verdict(asked, left_out)}",
        caption=f"{asked.blend.label}. Lines are {INTERVAL}s over {count(scores[f'{LEFT_OUT}/countries'])} countries "
        f"({count(scores[f'{LEFT_OUT}/tracks'])} tracks), tracks of one country being drawn together. Hollow diamonds "
        f"need no music: {_guesses(asked, left_out)}.",
        grid=_grid(asked, left_out),
        **drawing,
    )
    return single(f"new-countries-{asked.task}", view)


def verdict(asked: Question, left_out: NewCountries) -> str:
    """Say whether the blend is better for new countries than what needs no music."""
    guess = f"{WITHOUT_MUSIC[left_out.baseline_answer]} ({show(asked, left_out.baseline)})"
    is_ahead = _gain(asked, asked.score(asked.blend, split=LEFT_OUT), left_out.baseline) > 0
    if left_out.lead.low <= 0 <= left_out.lead.high:
        return f"not surely better than {guess}" if is_ahead else f"no better than {guess}"
    return f"{'better' if is_ahead else 'worse'} than {guess}"


def recognises_countries(study: OriginStudy) -> bool:
    """Whether less than half of what the blend gains over answers without music is left for new countries."""
    return all(
        _gain(asked, asked.score(asked.blend, split=LEFT_OUT), left_out.baseline)
        < MUCH * _gain(asked, asked.score(asked.blend), asked.baseline)
        for asked, left_out in asked_again(study)
    )


def _guesses(asked: Question, left_out: NewCountries) -> str:
    """Name the answers without music of both rows."""
    usual = WITHOUT_MUSIC["central_place" if asked.is_distance else "majority"]
    new = WITHOUT_MUSIC[left_out.baseline_answer]
    return usual if usual == new else f"{usual}; where the country is new, {new}"


def _is_asked(asked: Question, run: Answer) -> bool:
    return f"{LEFT_OUT}/{asked.metric}" in run.scores


def _gain(asked: Question, score: float, baseline: float) -> float:
    return baseline - score if asked.is_distance else score - baseline


def _grid(asked: Question, left_out: NewCountries) -> Grid:
    rows = [
        text_cells(
            run.label,
            show(asked, asked.score(run)),
            interval_text(asked, run),
            *(
                (show(asked, asked.score(run, split=LEFT_OUT)), interval_text(asked, run, LEFT_OUT))
                if _is_asked(asked, run)
                else (DASH, DASH)
            ),
        )
        for run in sorted(asked.ranked, key=lambda run: run.model != BLEND)
    ]
    guess = WITHOUT_MUSIC[left_out.baseline_answer]
    rows.append(
        text_cells("Without music", show(asked, asked.baseline), DASH, show(asked, left_out.baseline), DASH)
    )
    return Grid(
        columns("Model", "Country in training", INTERVAL, "New country", INTERVAL),
        tuple(rows),
        f"{sentence(guess)}, for new countries. A dash: not asked.",
    )
