"""The colours of the report, declared once for both themes.

Conventions: a colour reaches a page as a CSS custom property (`var(--genre-pop)`), in figures too: the
report's script replaces it by the value of the theme in use. The twelve bins keep their hue on every page and
in both themes. They were chosen by maximising the smallest distance between any two of them (OKLab) in normal
sight and under simulated protanopia and deuteranopia (Machado, Oliveira and Fernandes 2009), at a contrast
of at least 3 to 1 against the page (WCAG 2.2, non-text contrast). Twelve hues cannot all be told apart by
everyone, so no meaning depends on colour alone: every coloured mark also has its name.
"""

from functools import cache

from genrelab.tables.spotify import BINS

GENRE_COLOURS: dict[str, tuple[str, str]] = {
    "pop": ("#d12b7d", "#e85787"),
    "rock": ("#06469a", "#517dd9"),
    "jazz/blues": ("#087983", "#5ba9c3"),
    "hardcore": ("#493241", "#cdb7bd"),
    "dance": ("#b15ad9", "#f8a0fe"),
    "country/folk": ("#885751", "#ad7d25"),
    "rap/hip hop": ("#6b2ccd", "#aa8bfe"),
    "classical": ("#1a5621", "#0e926d"),
    "old school dance": ("#d64e0b", "#fe9928"),
    "mexicano/latino": ("#3a8818", "#89bf76"),
    "gospel/worship": ("#a88d57", "#e5db69"),
    "focus/sleep": ("#7b90bf", "#a8ebfb"),
}
"""Colour of each bin on a light and on a dark page."""

SAME_MUSIC = {
    "Blues": "jazz/blues",
    "Classical": "classical",
    "Country": "country/folk",
    "Electronic": "dance",
    "Folk": "country/folk",
    "Hip-Hop": "rap/hip hop",
    "Jazz": "jazz/blues",
    "Pop": "pop",
    "Rock": "rock",
}
"""Top genres of the FMA that use the colour of the bin for the same music."""

HEAT = {
    "light": ("#f4f1ea", "#cfdde3", "#93bccc", "#327a98", "#0d4a66"),
    "dark": ("#1d2128", "#1f3d4d", "#22657f", "#45a6c5", "#b5e6f5"),
}
"""From 0 to 1 in five even steps of one hue; lightness encodes the value."""

BELOW = {
    "light": ("#f4f1ea", "#ecd9c6", "#dbad88", "#a85a2b", "#71320f"),
    "dark": ("#1d2128", "#4a3122", "#7d4c2c", "#dc8d58", "#f8dcc4"),
}
"""The same five steps for negative values, in the opposite hue with the lightness of `HEAT`."""

LIGHT_UNTIL, DARK_FROM = 0.57, 0.71
"""Up to the first, cells are dark on a dark page; from the second, cells are dark on a light page."""

THEME: dict[str, tuple[str, str]] = {
    "page": ("#fbfaf7", "#15171c"),
    "panel": ("#f3f0e9", "#1d2026"),
    "ink": ("#1e2126", "#e6e4df"),
    "muted": ("#5b6068", "#a5a9b0"),
    "soft": ("#8b9098", "#7c828b"),
    "rule": ("#e3dfd6", "#2c3038"),
    "accent": ("#06627f", "#56b4d3"),
    "quiet": ("#868c95", "#858c96"),
    "good": ("#1a6b35", "#7ecb92"),
    "bad": ("#b3261e", "#ff8f85"),
    "warn": ("#7d5600", "#e9bd5b"),
    "banner": ("#fff0c2", "#43350c"),
    "banner-ink": ("#533c00", "#ffe6a3"),
    "heat-low": ("#1e2126", "#f6f5f2"),
    "heat-middle": ("#000000", "#000000"),
    "heat-high": ("#ffffff", "#000000"),
    "genre-other": ("#868c95", "#858c96"),
    "density-line": ("#d1400f", "#f0562a"),
}
"""All other colours, on a light and on a dark page."""


def slug(genre: str) -> str:
    """Return the genre as part of a CSS name.

    >>> slug("rap/hip hop")
    'rap-hip-hop'
    """
    return "-".join("".join(sign if sign.isalnum() else " " for sign in genre).lower().split())


def genre_colour(genre: object) -> str:
    """Return the colour of a genre as a CSS reference; genres without a bin share a neutral colour."""
    name = str(genre)
    bin_ = name if name in GENRE_COLOURS else SAME_MUSIC.get(name, "")
    return f"var(--genre-{slug(bin_)})" if bin_ else "var(--genre-other)"


def heat_scale() -> list[list[float | str]]:
    """Return the colour scale of heat maps in Plotly's format."""
    steps = len(HEAT["light"]) - 1
    return [[step / steps, f"var(--heat-{step})"] for step in range(steps + 1)]


def signed_scale() -> list[list[float | str]]:
    """Return the colour scale for -1 to 1: one hue below zero, another one above."""
    steps = len(HEAT["light"]) - 1
    scale: list[list[float | str]] = []
    scale += [[0.5 - step / steps / 2, f"var(--below-{step})"] for step in range(steps, 0, -1)]
    scale += [[0.5 + step / steps / 2, f"var(--heat-{step})"] for step in range(steps + 1)]
    return scale


def density_scale() -> list[list[float | str]]:
    """Return the colour scale of densities, which begins with a colour that is visible on the page."""
    steps = len(HEAT["light"]) - 1
    return [[(step - 1) / (steps - 1), f"var(--heat-{step})"] for step in range(1, steps + 1)]


def heat_text(share: float) -> str:
    """Return the colour of text on a cell of a heat map: a contrast of at least 4 to 1 in both themes."""
    if share < LIGHT_UNTIL:
        return "var(--heat-low)"
    return "var(--heat-middle)" if share < DARK_FROM else "var(--heat-high)"


def css_properties(theme: str) -> str:
    """Return the custom properties of one theme (`light` or `dark`) as CSS declarations."""
    return "".join(f"{name}:{colour};" for name, colour in _properties(theme).items())


def resolved(colour: str, theme: str = "light") -> str:
    """Return the colour of a CSS reference; other values are returned unchanged.

    >>> resolved("var(--accent)"), resolved("#ffffff")
    ('#06627f', '#ffffff')
    """
    return _properties(theme).get(colour.removeprefix("var(").removesuffix(")"), colour)


@cache
def _properties(theme: str) -> dict[str, str]:
    index = 0 if theme == "light" else 1
    properties = {f"--{name}": colours[index] for name, colours in THEME.items()}
    properties |= {f"--genre-{slug(genre)}": GENRE_COLOURS[genre][index] for genre in BINS}
    properties |= {f"--heat-{step}": colour for step, colour in enumerate(HEAT[theme])}
    properties |= {f"--below-{step}": colour for step, colour in enumerate(BELOW[theme])}
    properties["color-scheme"] = theme
    return properties
