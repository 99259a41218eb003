"""Labels of the audio features: names, units on axes, and adjectives for high and low values.

Names and meanings come from the table declarations; this module adds the words for sentences.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from genrelab.report.wording import MINUS, THIN, decimal, listing, number, sentence

PITCHES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
UNITS = {"beats per minute": "bpm"}


@dataclass(frozen=True)
class FeatureWords:
    """Words for a feature.

    Args:
        name: Its name in the tables.
        lines: Its name broken for a narrow column.
        most: The genre with the highest median is ... .
        least: The genre with the lowest median is ... .
        more: A track of two that has the higher value is ... .
        digits: Significant decimals.
        typical: The whole number whose share is shown instead of a median, if any.
        typical_means: Description of a track with that number.
    """

    name: str
    lines: tuple[str, ...]
    most: str
    least: str
    more: str
    digits: int = 2
    typical: int | None = None
    typical_means: str = ""

    @property
    def label(self) -> str:
        """Return the name with a capital letter."""
        return sentence(self.name.replace("_", " "))


WORDS = (
    FeatureWords("acousticness", ("acoustic-", "ness"), "the most acoustic", "the least", "more acoustic"),
    FeatureWords("danceability", ("dance-", "ability"), "the most danceable", "the least", "more danceable"),
    FeatureWords("energy", ("energy",), "the most energetic", "the least", "more energetic"),
    FeatureWords(
        "instrumentalness", ("instru-", "mental-", "ness"), "the most instrumental", "the least", "more instrumental"
    ),
    FeatureWords("key", ("key",), "highest", "lowest", "higher in key", 0),
    FeatureWords("liveness", ("liveness",), "the most live", "the least", "more live"),
    FeatureWords("loudness", ("loudness",), "the loudest", "the quietest", "louder", 1),
    FeatureWords(
        "mode", ("mode",), "most often in major", "least often", "more often in major", 2, 1, "in major"
    ),
    FeatureWords("speechiness", ("speechi-", "ness"), "the richest in speech", "the poorest", "richer in speech"),
    FeatureWords("tempo", ("tempo",), "the fastest", "the slowest", "faster", 0),
    FeatureWords(
        "time_signature", ("time", "signature"), "most often in four", "least often", "of more beats per bar", 0, 4,
        "in four",
    ),
    FeatureWords("valence", ("valence",), "the most cheerful", "the least", "more cheerful"),
)  # fmt: skip
_BY_NAME = {words.name: words for words in WORDS}


def words_for(name: str) -> FeatureWords:
    """Return the words for a feature; an unknown one is described by its name."""
    return _BY_NAME.get(name) or FeatureWords(
        name, tuple(name.split("_")), f"highest in {name}", "lowest", f"higher in {name}"
    )


def absent_features(names: Iterable[str]) -> str:
    """Return the names of absent features as a list in a sentence.

    >>> absent_features(["mode", "time_signature"])
    'mode and time signature'
    """
    return listing([words_for(name).label.lower() for name in names])


def axis_of(name: str, unit: str) -> str:
    """Return the title of the axis of a feature: its name and unit.

    >>> axis_of("tempo", "beats per minute"), axis_of("energy", "")
    ('Tempo (beats per minute)', 'Energy (0 to 1)')
    """
    scale = {"key": "pitch class", "mode": "", "time_signature": "beats in a bar"}.get(name, "0 to 1")
    inside = unit or scale
    return f"{words_for(name).label} ({inside})" if inside else words_for(name).label


def shown(name: str, value: object, unit: str = "", *, short: bool = False) -> str:
    """Return a value of a feature as text, with its unit if it has one.

    >>> shown("energy", 0.654), shown("energy", 0.654, short=True), shown("tempo", 119.6)
    ('0.65', '.65', '120')
    """
    words = words_for(name)
    if short:
        text = decimal(value, min(words.digits, 0 if unit or name in {"loudness", "tempo"} else words.digits))
        return text.replace("0.", ".", 1) if text.startswith(("0.", f"{MINUS}0.")) else text
    text = decimal(value, words.digits)
    return f"{text}{THIN}{UNITS.get(unit, unit)}" if unit and number(value) is not None else text


def value_name(name: str, value: int) -> str:
    """Return a whole number of a feature in words.

    >>> value_name("key", 0), value_name("mode", 1), value_name("time_signature", 3)
    ('C', 'major', '3')
    """
    if name == "key":
        return PITCHES[value] if 0 <= value < len(PITCHES) else "none"
    if name == "mode":
        return {0: "minor", 1: "major"}.get(value, str(value))
    return "none" if name == "time_signature" and value == 0 else str(value)


def of_100(share: float) -> str:
    """Return a probability as a number of 100 pairs.

    >>> of_100(0.974)
    '97 of 100 pairs'
    """
    return f"{share * 100:.0f} of 100 pairs"
