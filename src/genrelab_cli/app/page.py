"""The page with sliders: `GET /`, whole without a script, and moved by `assets/app.js` where there is one.

Conventions: the address holds the champion and the values, so that a link shows the same answer again. Scripts and
styles come from this server alone, which the Content-Security-Policy requires; texts are escaped by the template.
"""

import math
import secrets
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from jinja2 import Environment, PackageLoader, select_autoescape

from genrelab.report.palette import css_properties
from genrelab.runtime.errors import GenrelabError
from genrelab.serving.champion import NearTrack, ServedChampion
from genrelab.serving.description import SHOWN, ChampionDescription, check_values
from genrelab_cli.app.champions import Champions
from genrelab_cli.app.sliders import bars_of, groups_of, headline_of, sentence_of, slider_of
from genrelab_cli.app.work import Work

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
TYPES = {"css": "text/css", "js": "text/javascript"}
PREFERRED = ("spotify-bins-reviewed", "spotify-bins-classic")
"""Which champion is shown first, where it is there."""


def add_page(application: FastAPI, work: Work) -> None:
    """Add the page and its assets to an application.

    Args:
        application: The application.
        work: The champions, and the threads of all routes.
    """

    @application.get("/", include_in_schema=False)
    async def show_page(request: Request) -> Response:
        text, status = await work.in_thread(_page, work.champions, dict(request.query_params))
        return Response(text, status, HEADERS, "text/html")

    @application.get("/assets/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        found = _assets().get(name)
        if found is None:
            return Response("no such file\n", 404, HEADERS, "text/plain")
        return Response(found, headers=HEADERS, media_type=TYPES[name.rpartition(".")[2]])


@cache
def _assets() -> dict[str, bytes]:
    """The scripts and styles by name, with the colours of the report."""
    folder = files("genrelab_cli.app") / "assets"
    found = {
        each.name: each.read_bytes() for each in folder.iterdir() if each.name.rpartition(".")[2] in TYPES
    }
    light, dark = css_properties("light"), css_properties("dark")
    theme = f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    return {**found, "theme.css": theme.encode()}


@cache
def _template() -> Any:
    loader = PackageLoader("genrelab_cli.app")
    environment = Environment(
        loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("app.html")


def _page(champions: Champions, asked: Mapping[str, str]) -> tuple[str, int]:
    """Return the page for the parameters of an address, and its status."""
    known, missing = champions.described()
    if not known:
        return _template().render(known=(), missing=missing), 503
    names = [each.name for each in known]
    wanted = asked.get("champion") or next((name for name in PREFERRED if name in names), names[0])
    if wanted not in names:
        wrong = f"There is no champion {wanted[:100]}. These can be asked: {', '.join(names)}."
        return _template().render(known=known, missing=missing, wrong=wrong), 404
    try:
        return _with_champion(champions.get(wanted), known, missing, asked)
    except GenrelabError as error:
        return _template().render(known=known, missing=missing, wrong=str(error), chosen=wanted), 503


def _with_champion(
    served: ServedChampion,
    known: list[ChampionDescription],
    missing: Mapping[str, str],
    asked: Mapping[str, str],
) -> tuple[str, int]:
    description = served.description
    track: NearTrack | None = None
    values: dict[str, object] = {}
    if "surprise" in asked:
        track, found = served.any_track(secrets.randbelow(1 << 31))
        values = dict(found)
    else:
        values = {each.name: asked[each.name] for each in description.features if each.name in asked}
    row, refused = _row(description, values)
    sliders = [slider_of(each, row[each.name], refused.get(each.name, "")) for each in description.features]
    row = {each.feature.name: each.value for each in sliders}
    checked = check_values(description, [row])
    prediction = served.answers(checked)[0]
    near = served.nearest(checked[0])
    shown = {
        "champion": description.name,
        "several": description.several_labels,
        "shares": dict(zip(description.labels, description.shares, strict=True)),
    }
    text = _template().render(
        known=known,
        missing=missing,
        chosen=description.name,
        champion=description,
        headline=headline_of(description),
        groups=groups_of(sliders),
        bars=bars_of(description, prediction),
        sentence=sentence_of(prediction),
        near=near,
        among=served.known_tracks,
        track=track,
        refused=refused,
        data=shown,
    )
    return text, 422 if refused else 200


def _row(
    description: ChampionDescription, values: Mapping[str, object]
) -> tuple[dict[str, float], dict[str, str]]:
    """Return a value for each feature, and for each value that cannot be used why.

    A feature without a value, or whose value cannot be used, gets the median of the training rows.
    """
    row = {each.name: slider_of(each).value for each in description.features}
    refused: dict[str, str] = {}
    for name, value in values.items():
        if value in {None, ""}:
            continue
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        try:
            check_values(description, [{**row, name: number}])
        except GenrelabError as error:
            refused[name] = f"{str(value)[:SHOWN]} cannot be used; allowed: {error.allowed}; {error.do}"
        else:
            row[name] = number
    return row, refused
