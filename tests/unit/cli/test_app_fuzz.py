"""Malformed requests over our OpenAPI description: no 5xx, no traceback, no growing memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running_app import App, running_app
from served import small_champion

from genrelab.runtime.home import Home
from genrelab.serving.description import describe

NAME = "spotify-bins-classic"
MOST_GROWTH = 50 << 20

TEXTS = st.text(max_size=20) | st.sampled_from([NAME, "", "\ud800", "../..", "reviewed", "\x00", "٣", "NaN"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**18, 10**30)
    | st.floats()
    | st.just(0.5)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
MEDIA = st.sampled_from(
    [
        "application/json",
        "text/csv",
        "text/csv; charset=utf-16",
        "multipart/form-data",
        "",
        "é".encode().decode("latin-1"),
    ]
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = Home(tmp_path_factory.mktemp("fuzzed"))
    small_champion(home, NAME)
    with running_app(home) as running:
        yield running


@pytest.fixture(scope="module")
def operations(app: App) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each address."""
    paths = app.ask("GET", "/openapi.json").json["paths"]
    found = [
        (method.upper(), path, each) for path, methods in paths.items() for method, each in methods.items()
    ]
    assert len(found) > 5
    return [each for each in found if each[1] != "/api/listen"]  # starts ffmpeg for each body


@pytest.fixture(scope="module")
def row(app: App) -> dict[str, float]:
    return {feature.name: feature.quantiles[3] for feature in describe(app.champions.home, NAME).features}


@st.composite
def requests(draw, operations, row):
    """A request that is right in some fields and wrong in others: method, path, body and headers."""
    method, path, operation = draw(st.sampled_from(operations))
    query = [
        f"{each['name']}={draw(st.sampled_from([NAME, '', '%ff', '%00', '-1', '99999999999999999999', 'x']))}"
        for each in operation.get("parameters", [])
        if draw(st.booleans())
    ]
    shape = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    rows = row | draw(st.dictionaries(st.sampled_from(sorted(row)) | TEXTS, VALUES, max_size=2))
    good = {
        "champion": NAME,
        "row": rows,
        "rows": [rows],
        "genre": None,
        "genres": ["pop"],
        "rules": "classic",
    }
    content = {
        name: draw(st.just(good[name]) | VALUES)
        for name in shape.get("properties", {})
        if name in good and draw(st.integers(0, 3))
    }
    body = json.dumps(draw(st.just(content) | VALUES)).encode()
    kind = draw(st.sampled_from(["as it is", "cut", "changed", "bytes", "csv"]))
    if kind == "cut":
        body = body[: draw(st.integers(0, len(body)))]
    elif kind == "changed":
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.binary(min_size=1, max_size=3)) + body[place + 1 :]
    elif kind == "bytes":
        body = draw(st.binary(max_size=200))
    elif kind == "csv":
        lines = [
            ",".join(row),
            ",".join(str(draw(st.just(each) | st.floats() | TEXTS)) for each in row.values()),
        ]
        body = "\n".join(lines).encode(errors="replace")
    method = draw(st.just(method) | st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS"]))
    return method, f"{path}?{'&'.join(query)}", body, {"Content-Type": draw(MEDIA)}


def check(app: App, request) -> int:
    """Send one request, check its answer and return its status."""
    method, path, body, headers = request
    found = app.ask(method, path, body, headers)
    assert found.status < 500, (request, found)
    assert b"Traceback" not in found.body
    assert b"NaN" not in found.body or found.status >= 400
    if found.status >= 400 and method != "HEAD":
        assert found.error["what"]
    elif method != "HEAD":
        json.loads(found.body)
    return found.status


def test_malformed_requests_get_a_clear_answer(app, operations, row):
    """Two hundred requests; among them are some that are answered, so that the others are not far from right."""

    statuses: set[int] = set()

    @settings(max_examples=200, suppress_health_check=list(HealthCheck), database=None)
    @given(requests(operations, row))
    def ask(request):
        statuses.add(check(app, request))

    ask()
    assert {200, 422} <= statuses


@pytest.mark.long
def test_ten_thousand_malformed_requests_take_no_memory(app, operations, row):
    """The process, which also runs the client, grows by 50 MB at most."""

    def resident() -> int:
        [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in each]
        return int(line.split()[1]) * 1024

    drawn = 0

    def ask_some(count: int) -> None:
        @settings(max_examples=count, suppress_health_check=list(HealthCheck), database=None)
        @given(requests(operations, row))
        def ask(request):
            nonlocal drawn
            drawn += 1
            check(app, request)

        ask()

    for path in ("predict", "explain", "nearest"):  # what is loaded or compiled once: 60 MB
        assert app.post(f"/api/{path}", {"champion": NAME, "row": row}).status == 200
    assert app.post("/api/bin", {"rules": "classic", "genres": ["pop"]}).status == 200
    ask_some(500)  # caches, pools and the strategies themselves
    before, drawn = resident(), 0
    for _ in range(20):
        ask_some(500)
    assert drawn >= 10_000
    assert resident() - before < MOST_GROWTH
