"""The texts of the student project's path, computed from what was found."""

from genrelab.analyses.genre_study import document
from genrelab.analyses.genre_study.networks import CODE
from genrelab.analyses.genre_study.result import APART, COMPONENTS, RANDOM, FeatureStudy
from genrelab.evaluation.samples import in_words
from genrelab.report.wording import count, decimal, listing, percent, plural, sentence


def rows_in_words(found: FeatureStudy) -> str:
    """Say which tracks a study is based on, and which were left out."""
    used = found.used
    left_out = [
        f"{count(number)} {why}"
        for number, why in (
            (used.without_genre, "without a genre"),
            (used.without_features, "without any feature"),
            (used.lacking_some, "that lack some feature"),
            (used.unknown, "that fma_tracks does not know"),
        )
        if number
    ]
    parts = [f"{found.title}: {in_words(used.sampled, used.tracks)}"]
    if used.sampled < used.tracks:
        parts.append("whole artists")
    parts.append(f"{plural(found.columns, 'feature')} each")
    text = ", ".join(parts)
    if found.absent:
        text += f" ({count(found.absent)} more of FMA's list have no values here)"
    if left_out:
        text += f"; left out: {listing(left_out)}"
    return f"{sentence(text)}. Forests and networks are trained on {plural(found.fitted, 'track')}."


def finding(found: FeatureStudy) -> str:
    """Say how much of the student project's best index is left for new artists."""
    random, apart = found.curve(RANDOM), found.curve(APART)
    if not random or not apart:
        return ""
    on_random, on_new = decimal(random.mean[0]), decimal(apart.mean[0])
    if apart.mean[0] >= random.mean[0]:
        return f"The nearest neighbour reaches a Jaccard index of {on_random}, and no less for new artists ({on_new})."
    return (
        "The student project's best step, the nearest neighbour, mostly looks up the artist: a Jaccard index of "
        f"{on_random} on random tracks, {on_new} where no other track of the artist can be found."
    )


def look_up_words(found: FeatureStudy) -> list[str]:
    """Say what is compared, and how much of it is finding the artist."""
    words = [
        (
            "The student project gives a track the genres of the tracks that sound most alike: those with the"
            " smallest sum of "
            "absolute differences of the scaled features. It draws test tracks at random, so other tracks of the same "
            "artist, often of the same album, can be found. Here the same is done three times: so, with whole artists "
            "held out, and on FMA's own split, where no artist is on both sides."
        )
    ]
    spread = next((one for one in found.spreads if one.protocol == RANDOM), None)
    if spread and spread.known is not None and spread.new is not None:
        words.append(
            f"On random tracks {percent(spread.same_artist, 0)} of the nearest neighbours are by the same artist. "
            f"Their genres reach an index of {decimal(spread.known)}, those of the other neighbours "
            f"{decimal(spread.new)}."
        )
    random, apart = found.curve(RANDOM), found.curve(APART)
    if random and apart and random.best == 1:
        other = max(apart.k[1:], key=lambda k: apart.mean[k - 1])
        words.append(
            "The student project wonders that a single neighbour is best. One track of the artist is enough to copy"
            " from; "
            f"with artists kept apart it reaches {decimal(apart.mean[0])}, and k = {other} reaches "
            f"{decimal(apart.mean[other - 1])}."
        )
    return words


def component_words(found: FeatureStudy) -> str:
    """Say what components lose, and what it changes to fit them on all tracks."""
    one, random, features = found.components, found.curve(RANDOM, COMPONENTS), found.curve(RANDOM)
    if random is None or features is None:
        return ""
    change = decimal(random.mean[0] - features.mean[0], signed=True)
    most = max(abs(a - b) for a, b in zip(one.on_all, one.on_training, strict=True))
    return (
        f"On the {plural(one.needed, 'component')} that hold {percent(one.share, 0)} of the variance, the nearest "
        f"neighbour reaches {decimal(random.mean[0])} on random tracks ({change}). The student project fits scaling "
        "and components on all tracks, the test tracks among them; here they are fitted on training tracks. Fitted the "
        f"project's way, the index of one draw changes by {decimal(most)} at most over all k."
    )


def network_words(found: FeatureStudy) -> list[str]:
    """Say how the networks differ from the student project's, and why."""
    words = [
        (
            "The networks are the student project's: layers of 512, 512 and 256 units and one output per genre; and an "
            "autoencoder that learns to reproduce the features through a middle layer, whose first half then feeds a "
            "classifier. What differs: scikit-learn has no dropout (the student project drops a fifth of the units); "
            "batches are of 256 "
            "tracks instead of 32, which takes an eighth of the time; there are "
            f"{plural(found.epochs, 'pass', 'passes')} over the tracks instead of 20; features are scaled as for "
            "neighbours, on training tracks, instead of to 0 to 1, where a few extreme tracks press all others "
            "together."
        ),
        (
            "The forest draws its splits at random (extremely randomised trees): with hundreds of genres, exact splits "
            "take many times as long. The student project has no figures of its forest."
        ),
    ]
    if found.columns <= CODE:
        words.append(
            f"The middle layer has {CODE} units, as in the student project, whose tracks have {document.FEATURES}"
            f" features. "
            f"Here they have {found.columns}: it need not leave anything out, and learns no summary."
        )
    return words


def twice_words(found: FeatureStudy) -> str:
    """Explain the sigmoid that is applied twice."""
    twice = found.sigmoid_twice
    if twice is None:
        return ""
    once = f"{decimal(twice.once[0], 2)} to {decimal(twice.once[1], 2)}"
    then = f"{decimal(twice.twice[0], 2)} to {decimal(twice.twice[1], 2)}"
    return (
        "The student project's first networks end in a sigmoid, which turns any number into one between 0 and 1, and"
        " then "
        "apply it once more. Our network without this error answers "
        f"{once} on the test tracks; a second sigmoid makes that {then}. The student project counts a genre only"
        f" where the "
        "output is exactly 1, which it never is: no genre is ever named, and the index is 0. A threshold moved to "
        "fit would undo the harm to the answers; but such a network is trained on the squeezed outputs, too. "
        "Our models have neither error."
    )
