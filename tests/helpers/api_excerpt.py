"""The excerpt of the API's description that the tests carry, made from the whole one.

Run as `python tests/helpers/api_excerpt.py FOLDER` on the folder of descriptions and recordings that lies beside the
real data; it writes tests/data/spotify_api. Of a recording only the shape is kept: its fields and their types.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

EXCERPT = Path(__file__).parents[1] / "data" / "spotify_api"
DESCRIPTIONS = ("openapi_2024-10.yml", "openapi_2026-05.yml")
PATHS = (
    "/search",
    "/artists/{id}",
    "/artists",
    "/artists/{id}/top-tracks",
    "/artists/{id}/albums",
    "/albums/{id}/tracks",
    "/tracks/{id}",
    "/tracks",
    "/audio-features",
    "/audio-features/{id}",
)
PROSE = {"description", "example", "x-spotify-docs-type", "externalDocs", "title"}
ERRORS, RECCOBEATS = "error_bodies.json", "reccobeats_audio_features_response.json"


def excerpt(folder: Path) -> dict[str, Any]:
    """What each file of the excerpt holds, by its name.

    Args:
        folder: The whole descriptions and recordings.
    """
    found: dict[str, Any] = {name: _of_description(folder / name) for name in DESCRIPTIONS}
    for file in sorted((folder / "recorded").glob("*.json")):
        found[f"recorded/{file.name}"] = shape(json.loads(file.read_text(encoding="utf-8")))
    errors = json.loads((folder / ERRORS).read_text(encoding="utf-8"))
    found[ERRORS] = [{key: each[key] for key in ("status", "body")} for each in errors if "body" in each]
    found[RECCOBEATS] = shape(json.loads((folder / RECCOBEATS).read_text(encoding="utf-8")))
    return found


def shape(value: Any) -> Any:
    """The value with its fields and types alone; of a list the first entry."""
    match value:
        case dict():
            return {key: shape(each) for key, each in value.items() if key != "request"}
        case list():
            return [shape(each) for each in value[:1]]
        case bool() | None:
            return value
        case int() | float():
            return type(value)()
    return ""


def _of_description(file: Path) -> dict[str, Any]:
    """The answers of the calls that the scraper makes, with everything that they refer to."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    paths = {
        path: {"get": {"responses": {"200": document["paths"][path]["get"]["responses"]["200"]}}}
        for path in PATHS
        if path in document["paths"]
    }
    kept: dict[str, Any] = {"paths": _without_prose(paths), "components": {"schemas": {}, "responses": {}}}
    open_ends = _references(kept)
    while open_ends:
        _, _, kind, name = open_ends.pop().split("/")
        if name not in kept["components"][kind]:
            kept["components"][kind][name] = _without_prose(document["components"][kind][name])
            open_ends |= _references(kept["components"][kind][name])
    return kept


def _without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_prose(each)
            for key, each in value.items()
            if not (key in PROSE and not isinstance(each, dict))
        }
    return [_without_prose(each) for each in value] if isinstance(value, list) else value


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        here = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return here.union(*(_references(each) for each in value.values()))
    return set().union(*(_references(each) for each in value)) if isinstance(value, list) else set()


if __name__ == "__main__":
    for name, content in excerpt(Path(sys.argv[1])).items():
        target = EXCERPT / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
