"""Colours: one per bin, readable in both themes, told apart by most."""

from itertools import combinations

import numpy as np
import pytest

from genrelab.report.palette import (
    BELOW,
    GENRE_COLOURS,
    HEAT,
    SAME_MUSIC,
    THEME,
    css_properties,
    density_scale,
    genre_colour,
    heat_scale,
    heat_text,
    signed_scale,
    slug,
)
from genrelab.tables.spotify import BINS

THEMES = ("light", "dark")
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    """Linear light of a hexadecimal sRGB colour (IEC 61966-2-1)."""
    value = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2)."""
    lights = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def between(scale: tuple[str, ...], share: float) -> str:
    """The colour of a heat map at a share, mixed as Plotly mixes it: in sRGB."""
    position = share * (len(scale) - 1)
    step = min(int(position), len(scale) - 2)
    ends = [[int(scale[step + end][place : place + 2], 16) for place in (1, 3, 5)] for end in (0, 1)]
    mixed = [round(low + (high - low) * (position - step)) for low, high in zip(*ends, strict=True)]
    return "#" + "".join(f"{value:02x}" for value in mixed)


def test_every_bin_has_one_colour():
    """The palette and the bins are the same twelve."""
    assert set(GENRE_COLOURS) == set(BINS)
    assert set(SAME_MUSIC.values()) <= set(BINS)


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
def test_marks_stand_out_from_the_page(theme):
    """At least 3 to 1 (WCAG 2.2, 1.4.11)."""
    marks = {genre: colours[theme] for genre, colours in GENRE_COLOURS.items()}
    marks |= {name: THEME[name][theme] for name in ("accent", "quiet", "genre-other", "soft")}

    faint = {name: colour for name, colour in marks.items() if contrast(colour, THEME["page"][theme]) < 3}

    assert faint == {}


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
@pytest.mark.parametrize("ground", ["page", "panel"])
def test_text_can_be_read(theme, ground):
    """At least 4.5 to 1 on the page and on panels (WCAG 2.2, 1.4.3)."""
    for name in ("ink", "muted", "accent", "good", "bad", "warn"):
        assert contrast(THEME[name][theme], THEME[ground][theme]) >= 4.5, name
    assert contrast(THEME["banner-ink"][theme], THEME["banner"][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
@pytest.mark.parametrize("share", [step / 40 for step in range(41)])
def test_every_cell_of_a_heat_map_can_be_read(theme, share):
    """Text changes its colour where the cell's colour asks for it."""
    name = heat_text(share).removeprefix("var(--").removesuffix(")")

    for scale in (HEAT, BELOW):
        assert contrast(THEME[name][theme], between(scale[THEMES[theme]], share)) >= 4


def test_a_signed_scale_runs_from_one_hue_through_none_to_another():
    """Both ends are the darkest steps of their hue, the middle belongs to both."""
    scale = signed_scale()

    assert [scale[0], scale[4], scale[-1]] == [
        [0, "var(--below-4)"],
        [0.5, "var(--heat-0)"],
        [1, "var(--heat-4)"],
    ]
    assert [place for place, _ in scale] == sorted(place for place, _ in scale)
    assert all(BELOW[theme][0] == HEAT[theme][0] for theme in THEMES)


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
def test_a_density_can_be_told_from_the_page(theme):
    """A cell of one track is not the page's colour; the line stands out from the emptiest and the fullest cells."""
    first = int(density_scale()[0][1].removesuffix(")")[-1])

    assert contrast(HEAT[THEMES[theme]][first], THEME["page"][theme]) >= 1.3
    assert all(contrast(THEME["density-line"][theme], HEAT[THEMES[theme]][step]) >= 2 for step in (first, 4))


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
@pytest.mark.parametrize(
    ("sight", "least"),
    [(np.eye(3), 0.13), (DEUTERANOPIA, 0.06), (PROTANOPIA, 0.06)],
    ids=["all", "deutan", "protan"],
)
def test_no_two_bins_look_the_same(theme, sight, least):
    """The nearest two bins keep a distance in OKLab, also under simulated colour blindness."""

    def seen(colour: str) -> np.ndarray:
        return LAB @ np.cbrt(LMS @ np.clip(sight @ linear(colour), 0, 1))

    nearest = min(
        float(np.linalg.norm(seen(one[theme]) - seen(other[theme])))
        for one, other in combinations(GENRE_COLOURS.values(), 2)
    )

    assert nearest >= least


def test_a_genre_is_named_in_css_without_odd_signs():
    """A bin has its own property, an FMA genre borrows that of the same music, the rest share one."""
    assert slug("rap/hip hop") == "rap-hip-hop"
    assert genre_colour("rap/hip hop") == "var(--genre-rap-hip-hop)"
    assert genre_colour("Hip-Hop") == "var(--genre-rap-hip-hop)"
    assert genre_colour("Old-Time / Historic") == "var(--genre-other)"
    assert genre_colour(None) == "var(--genre-other)"
    assert genre_colour(["no", "genre"]) == "var(--genre-other)"


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_that_is_named_is_declared(theme):
    """A theme declares all bins and all steps of the heat scale."""
    properties = css_properties(theme)

    assert all(f"{genre_colour(genre)[4:-1]}:" in properties for genre in BINS)
    assert all(f"{colour[4:-1]}:" in properties for _, colour in [*heat_scale(), *signed_scale()])
    assert properties.endswith(f"color-scheme:{theme};")
