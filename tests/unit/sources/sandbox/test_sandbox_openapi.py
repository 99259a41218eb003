"""The stand-in answers as the descriptions of the API, recorded responses and quoted errors say.

Conventions: the material is the excerpt in tests/data/spotify_api; where the whole descriptions lie beside the real
data, the excerpt is compared with them.
"""

import json
from collections.abc import Iterator
from functools import lru_cache

import pytest
import requests
import yaml
from api_excerpt import ERRORS, EXCERPT, RECCOBEATS, excerpt
from jsonschema import Draft202012Validator
from scrape_setup import Virtual

from genrelab.sources.sample import catalogue
from genrelab.sources.sample.names import spotify_id
from genrelab.sources.sandbox import CREDENTIALS, Sandbox

DRAWN = catalogue(200)
ARTIST = next(artist for artist in DRAWN.artists if len(artist.tracks) > 1 and artist.genres)
TRACKS = [track.id for track in ARTIST.tracks]
DESCRIPTIONS = {
    "extended": "openapi_2024-10.yml",
    "restricted": "openapi_2024-10.yml",
    "development2026": "openapi_2026-05.yml",
}
CALLS = {
    "/search": f'search?q=artist:"{ARTIST.name}"&type=track,artist&limit=5',
    "/artists/{id}": f"artists/{ARTIST.id}",
    "/artists": f"artists?ids={ARTIST.id},{spotify_id('nobody')}",
    "/artists/{id}/top-tracks": f"artists/{ARTIST.id}/top-tracks?country=US",
    "/artists/{id}/albums": f"artists/{ARTIST.id}/albums?limit=1",
    "/albums/{id}/tracks": f"albums/{ARTIST.tracks[0].album_id}/tracks",
    "/tracks/{id}": f"tracks/{TRACKS[0]}",
    "/tracks": f"tracks?ids={','.join(TRACKS)}",
    "/audio-features": f"audio-features?ids={','.join(TRACKS)}",
    "/audio-features/{id}": f"audio-features/{TRACKS[0]}",
}
CLOSED = {
    "extended": set(),
    "restricted": {"/audio-features", "/audio-features/{id}"},
    "development2026": {
        "/audio-features",
        "/audio-features/{id}",
        "/artists",
        "/tracks",
        "/artists/{id}/top-tracks",
    },
}


@pytest.mark.real
def test_the_excerpt_is_that_of_the_whole_description(real_data):
    """Made anew from what lies beside the real data it is the same."""
    folder = real_data.parent / "spotify_api"
    if not folder.is_dir():
        pytest.skip(f"no descriptions of the API at {folder}")
    made = excerpt(folder)

    assert {name: json.loads((EXCERPT / name).read_text(encoding="utf-8")) for name in made} == made


@pytest.fixture(params=list(DESCRIPTIONS))
def sandbox(request) -> Iterator[Sandbox]:
    with Sandbox(DRAWN, request.param) as running:
        yield running


def authorised(sandbox: Sandbox) -> requests.Session:
    grant = {"grant_type": "client_credentials"}
    token = requests.post(sandbox.token_url, grant, auth=CREDENTIALS, timeout=60).json()["access_token"]
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    return session


@lru_cache
def description(path):
    """One description, parsed once."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    # It says 3 to 7; the real pulls hold 0 and 1 as well.
    document["components"]["schemas"]["TimeSignature"].pop("minimum")
    return document


def resolved(schema, document):
    """A schema of OpenAPI 3.0 as JSON Schema: references followed, parts merged, nothing else allowed."""
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return resolved({**found, **{key: value for key, value in schema.items() if key != "$ref"}}, document)
    merged = {key: value for key, value in schema.items() if key in ("type", "enum", "minimum", "maximum")}
    properties, required = {}, set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        whole = resolved(part, document)
        merged |= {key: value for key, value in whole.items() if key not in ("properties", "required")}
        properties |= whole.get("properties", {})
        required |= set(whole.get("required", ()))
    properties |= {key: resolved(value, document) for key, value in schema.get("properties", {}).items()}
    if properties:
        merged |= {"properties": properties, "required": sorted(required), "additionalProperties": False}
    if "items" in schema:
        # Spotify's descriptions leave out that an unknown id in a batch is null.
        merged["items"] = {"anyOf": [resolved(schema["items"], document), {"type": "null"}]}
    if schema.get("nullable") and "type" in merged:
        merged["type"] = [merged["type"], "null"]
    return merged


@pytest.mark.parametrize("path", list(CALLS))
def test_answers_match_the_description(sandbox, path):
    """Each answer has the described types and no field that is not described, or the call is closed."""
    world = sandbox.calls.world.name
    document = description(EXCERPT / DESCRIPTIONS[world])
    response = authorised(sandbox).get(sandbox.api_url + CALLS[path], timeout=60)

    if path in CLOSED[world]:
        assert response.status_code in (403, 404)
        return
    assert response.status_code == 200
    answers = document["paths"][path]["get"]["responses"]["200"]
    name = answers["$ref"].rsplit("/", 1)[-1]
    content = document["components"]["responses"][name]["content"]["application/json"]
    schema = resolved(content["schema"], document)
    assert schema["properties"]
    Draft202012Validator(schema).validate(response.json())


@pytest.mark.parametrize(
    ("recording", "path", "inside"),
    [
        ("artist_find_7Ln80lUS6He07XvHI8qqHH.json", "/artists/{id}", ()),
        ("artist_7Ln80lUS6He07XvHI8qqHH_top_tracks_US.json", "/artists/{id}/top-tracks", ("tracks", 0)),
        ("GetSeveralArtistsRequest.json", "/artists", ("artists", 0)),
        ("audio_features_find_multiple.json", "/audio-features", ("audio_features", 0)),
        ("track_audio_features_3jfr0TF6DQcOLat8gGn7E2.json", "/audio-features/{id}", ()),
        ("track_find_3jfr0TF6DQcOLat8gGn7E2.json", "/tracks/{id}", ()),
        ("track_search_Wanna_Know_limit_10.json", "/search", ("tracks",)),
        ("artist_search_Arctic.json", "/search", ("artists",)),
        ("SearchItemRequest.json", "/search", ("tracks", "items", 0)),
    ],
)
def test_answers_look_like_recordings(recording, path, inside):
    """What a recorded response holds, the stand-in's holds too, with the same types."""
    recorded = json.loads((EXCERPT / "recorded" / recording).read_text(encoding="utf-8"))
    recorded = recorded.get("body", recorded)
    with Sandbox(DRAWN) as sandbox:
        answer = authorised(sandbox).get(sandbox.api_url + CALLS[path], timeout=60).json()
    for step in inside:
        recorded, answer = recorded[step], answer[step]

    assert set(recorded) - set(answer) <= {"preview_url", "is_playable"}
    for key in set(recorded) & set(answer):
        if recorded[key] is not None and answer[key] is not None:
            number = (int, float)
            kinds = number if isinstance(recorded[key], number) else type(recorded[key])
            assert isinstance(answer[key], kinds), key


def test_errors_are_the_quoted_ones():
    """Errors have the status and the body that users quoted."""
    quoted = json.loads((EXCERPT / ERRORS).read_text(encoding="utf-8"))
    bodies = [entry["body"] for entry in quoted if "body" in entry]
    with Sandbox(DRAWN, "development2026", limit=6, clock=Virtual()) as sandbox:
        session, stranger = authorised(sandbox), spotify_id("nobody")
        answers = [
            session.get(sandbox.api_url + call, timeout=60)
            for call in (
                CALLS["/artists"],
                "search?q=x&type=track&limit=50",
                "artists/not-an-id",
                f"artists/{stranger}",
            )
        ]
        sandbox.revoke_tokens()
        answers += [session.get(sandbox.api_url + CALLS["/artists/{id}"], timeout=60) for _ in range(3)]
        answers.append(requests.post(sandbox.token_url, auth=("a", "b"), timeout=60))

    assert [answer.status_code for answer in answers] == [403, 400, 400, 404, 401, 401, 429, 400]
    assert all(answer.json() in bodies for answer in answers)
    assert int(answers[-2].headers["Retry-After"]) >= 1


def test_reccobeats_answers_as_observed():
    """ReccoBeats' rows have the observed fields and types, and an id of its own."""
    observed = json.loads((EXCERPT / RECCOBEATS).read_text(encoding="utf-8"))
    example = observed["response"]["content"][0]
    with Sandbox(DRAWN) as sandbox:
        row = requests.get(
            sandbox.reccobeats_url + "audio-features",
            params={"ids": TRACKS[0]},
            headers={"User-Agent": "genrelab"},
            timeout=60,
        ).json()["content"][0]

    assert {key: type(value) for key, value in row.items()} == {
        key: type(value) for key, value in example.items()
    }
    assert row["href"].endswith(TRACKS[0])
    assert row["id"] not in TRACKS
