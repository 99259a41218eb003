"""The application: what each address answers, what is refused and how, and promotions while requests run."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from running_app import App, running_app
from served import small_champion

from genrelab.rules import load_rule_set
from genrelab.runtime.home import Home
from genrelab.serving.champion import load_champion
from genrelab.serving.description import describe
from genrelab_cli.app import bodies
from genrelab_cli.app.answers import RequestError
from genrelab_cli.app.bodies import LARGEST_BODY, MOST_ROWS
from genrelab_cli.app.champions import Champions
from genrelab_cli.app.predictions import predict_rows

NAME, SEVERAL = "spotify-bins-classic", "fma-all-genres"
TOKEN = "a-token-of-the-tests"  # noqa: S105 - made up


@pytest.fixture(scope="module")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("served"))
    small_champion(home, NAME)
    small_champion(home, SEVERAL, several_labels=True)
    return home


@pytest.fixture(scope="module")
def app(served_home: Home) -> Iterator[App]:
    with running_app(served_home) as running:
        yield running


def row_of(home: Home, name: str = NAME) -> dict[str, float]:
    """The median of each feature."""
    return {feature.name: feature.quantiles[3] for feature in describe(home, name).features}


@pytest.fixture
def row(served_home: Home) -> dict[str, float]:
    return row_of(served_home)


def test_champions_are_described(app, served_home):
    """What `describe` says, with every name."""

    found = app.ask("GET", "/api/champions").json
    assert found["api"] == 1
    assert [each["name"] for each in found["champions"]] == [SEVERAL, NAME]
    assert found["champions"][1]["labels"] == list(describe(served_home, NAME).labels)
    assert found["missing"] == {}


def test_one_row_is_predicted_as_the_champion_predicts_it(app, served_home, row):
    """The answer names the version of the model and of its tables, and says that it is a sample champion."""

    found = app.post("/api/predict", {"champion": NAME, "row": row}).json
    known = describe(served_home, NAME)
    assert found["predictions"] == predict_rows(load_champion(served_home, NAME), [row])
    assert (found["version"], found["tables"]) == (known.version, known.tables)
    assert found["is_sample"] is known.is_sample is True
    assert sum(found["predictions"][0]["probabilities"].values()) == pytest.approx(1)


def test_many_rows_are_answered_in_their_order(app, row):
    """More rows than are computed at once give the same answers as one row at a time."""

    rows = [row, {name: value * 0.5 for name, value in row.items()}] * 40
    found = app.post("/api/predict", {"champion": NAME, "rows": rows}).json["predictions"]
    alone = [
        app.post("/api/predict", {"champion": NAME, "row": each}).json["predictions"][0] for each in rows[:2]
    ]
    assert [each["genre"] for each in found] == [each["genre"] for each in alone] * 40
    for answer, expected in zip(found, alone * 40, strict=True):
        assert answer["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-12)


def test_several_genres_are_named(app, served_home):
    """A champion for several genres names those above their thresholds, beside the most probable."""

    found = app.post("/api/predict", {"champion": SEVERAL, "row": row_of(served_home, SEVERAL)}).json
    [answer] = found["predictions"]
    assert set(answer["genres"]) <= set(answer["probabilities"])
    assert answer["probability"] == max(answer["probabilities"].values())


def test_csv_is_answered_like_json(app, row):
    """One column for each feature, in any order; the champion in the address."""

    text = ",".join(reversed(row)) + "\n" + ",".join(str(row[name]) for name in reversed(row)) + "\n"
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    found = app.ask("POST", f"/api/predict?champion={NAME}", text.encode(), headers).json
    assert found == app.post("/api/predict", {"champion": NAME, "rows": [row]}).json


def test_no_rows_have_no_predictions(app):
    """An empty list is answered with an empty list."""

    assert app.post("/api/predict", {"champion": NAME, "rows": []}).json["predictions"] == []


def test_effects_add_up_to_the_probability(app, row):
    """The mean and all effects are the probability, and every feature has one."""

    found = app.post("/api/explain", {"champion": NAME, "row": row}).json
    effects = [each["effect"] for each in found["contributions"]]
    assert found["mean"] + sum(effects) == pytest.approx(found["probability"])
    assert {each["feature"]: each["value"] for each in found["contributions"]} == row
    assert [abs(each) for each in effects] == sorted(map(abs, effects), reverse=True)


def test_the_genre_to_explain_can_be_chosen(app, served_home, row):
    """Its own probability is explained, not that of the most probable genre."""

    predicted = app.post("/api/predict", {"champion": NAME, "row": row}).json["predictions"][0]
    for genre in describe(served_home, NAME).labels:
        found = app.post("/api/explain", {"champion": NAME, "row": row, "genre": genre}).json
        assert (found["genre"], found["probability"]) == (genre, predicted["probabilities"][genre])


def test_a_surprise_can_be_predicted_and_repeated(app):
    """Its row has every feature; the seed of the answer returns the same track."""

    found = app.ask("GET", f"/api/surprise?champion={NAME}").json
    assert app.post("/api/predict", {"champion": NAME, "row": found["row"]}).status == 200
    assert app.ask("GET", f"/api/surprise?champion={NAME}&seed={found['seed']}").json == found


def test_the_nearest_tracks_come_nearest_first(app, row, served_home):
    """With their names and genres, and how many are compared; the page names this number too."""

    found = app.post("/api/nearest", {"champion": NAME, "row": row}).json
    tracks, among = found["tracks"], found["among"]
    assert tracks
    assert among == load_champion(served_home, NAME).known_tracks >= describe(served_home, NAME).trained_rows
    assert f"Nearest of {among:,} tracks" in app.ask("GET", f"/?champion={NAME}").body.decode()
    assert all(each["track"] and each["artist"] and each["genre"] for each in tracks)
    assert [each["distance"] for each in tracks] == sorted(each["distance"] for each in tracks)


def test_genres_have_their_shares(app, served_home):
    """In the order of the champion's labels."""

    known = describe(served_home, NAME)
    found = app.ask("GET", f"/api/genres?champion={NAME}").json["genres"]
    assert [(each["genre"], each["share"]) for each in found] == list(
        zip(known.labels, known.shares, strict=True)
    )


def test_a_bin_comes_with_the_rule_that_decides(app):
    """The first rule that hits each micro-genre, with its reason, and the bin of all together."""

    found = app.post("/api/bin", {"rules": "classic", "genres": ["zzz", "dance pop", "hard rock"]}).json
    rules = {rule.bin: rule for rule in load_rule_set("classic").rules}
    assert found["bin"] in {each["bin"] for each in found["genres"]}
    assert found["genres"][0] == dict.fromkeys(("bin", "rule", "pattern", "reason")) | {"genre": "zzz"}
    for each in found["genres"][1:]:
        assert (each["rule"], each["pattern"]) == (rules[each["bin"]].name, rules[each["bin"]].pattern)


BAD_BODIES = {
    "empty": (b"", 400, "not JSON"),
    "cut off": (b'{"champion": "x", "row": {', 400, "not JSON"),
    "NaN": (b'{"champion": "NAME", "row": {"energy": NaN}}', 400, "not finite"),
    "infinity": (b'{"champion": "NAME", "row": {"energy": -Infinity}}', 400, "not finite"),
    "a float beyond all": (b'{"champion": "NAME", "row": {"energy": 1e999}}', 422, ""),
    "key twice": (b'{"champion": "NAME", "champion": "NAME", "row": {}}', 400, "twice"),
    "feature twice": (b'{"champion": "NAME", "row": {"energy": 1, "energy": 0}}', 400, "twice"),
    "huge integer": (b'{"champion": "NAME", "row": {"energy": ' + b"9" * 5_000 + b"}}", 400, "too large"),
    "deep": (b'{"champion": "NAME", "rows": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "nested"),
    "UTF-16": ('{"champion": "NAME"}'.encode("utf-16"), 400, "UTF-8"),
    "latin-1": ('{"champion": "é"}'.encode("latin-1"), 400, "UTF-8"),
    "a list": (b"[1]", 422, "another shape"),
    "null": (b"null", 422, "another shape"),
    "no champion": (b'{"row": {}}', 422, "champion"),
    "lone surrogate": (b'{"champion": "\\ud800", "row": {}}', None, ""),
    "unknown key": (b'{"champion": "NAME", "row": {}, "extra": 1}', 422, "extra"),
    "neither": (b'{"champion": "NAME"}', 422, "either"),
    "both": (b'{"champion": "NAME", "row": {}, "rows": []}', 422, "either"),
    "unknown champion": (b'{"champion": "fma-nothing", "row": {}}', 404, "no champion of this name"),
    "champion is a path": (b'{"champion": "../../etc", "row": {}}', 404, "no champion of this name"),
    "missing features": (b'{"champion": "NAME", "row": {}}', 422, ""),
}


@pytest.mark.parametrize(("body", "status", "says"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_bad_body_is_refused_with_what_is_wrong(app, body, status, says):
    """By a status of 4xx, with four fields and no traceback."""

    found = app.ask("POST", "/api/predict", body.replace(b"NAME", NAME.encode()))
    assert found.status == status if status else 400 <= found.status < 500
    assert says in found.error["what"]
    assert b"Traceback" not in found.body


@pytest.mark.parametrize("value", ["text", True, None, [1], {"a": 1}, -1e9, 1e9, 12345678901234567890])
def test_a_bad_value_is_refused_with_its_feature(app, row, value):
    """Text, nothing, or a value outside its range is the fault of one feature of one row."""

    feature = next(iter(row))
    found = app.post("/api/predict", {"champion": NAME, "rows": [row, row | {feature: value}]})
    assert found.status == 422
    assert feature in str(found.error)
    assert "2" in found.error["what"]


def test_a_value_in_another_unit_is_answered_with_the_unit_and_usual_values(app, row):
    """Half a second a beat is written in milliseconds; the tempo is beats per minute."""

    found = app.post("/api/predict", {"champion": NAME, "row": row | {"tempo": 500.0}})
    assert found.status == 422
    assert found.error["allowed"] == "a number, 0 to 260 BPM"
    assert "check the unit; half of the training rows have" in found.error["do"]


def test_a_sample_champion_is_labelled_on_the_page(app):
    """Above all, and in the list of champions."""

    page = app.ask("GET", f"/?champion={NAME}").body.decode()
    assert page.count("Sample data: this champion was trained on synthetic tracks") == 1
    assert page.count("(sample data)</option>") == 2


BAD_CSV = {
    "no header": b"",
    "feature twice": b"a,a\n1,2\n",
    "too many fields": b"a,b\n1,2,3\n",
    "open quote": b'a,b\n"1,2\n',
    "NUL": b"a,b\n1,\x002\n",
    "not UTF-8": b"a,b\n1,\xff\n",
    "text": b"energy\nloud\n",
}


@pytest.mark.parametrize("body", BAD_CSV.values(), ids=BAD_CSV)
def test_bad_csv_is_refused(app, body):
    """By 4xx, as bad JSON is."""

    found = app.ask("POST", f"/api/predict?champion={NAME}", body, {"Content-Type": "text/csv"})
    assert 400 <= found.status < 500
    assert found.error["what"]


def test_csv_needs_a_champion_in_the_address(app):
    """There is no other place to name it."""

    found = app.ask("POST", "/api/predict", b"a\n1\n", {"Content-Type": "text/csv"})
    assert (found.status, found.error["what"]) == (400, "the champion is missing")


def test_too_many_rows_are_refused(app):
    """With the limit."""

    found = app.post("/api/predict", {"champion": NAME, "rows": [{}] * (MOST_ROWS + 1)})
    assert found.status == 413
    assert f"{MOST_ROWS:,}" in found.error["allowed"]


def test_a_declared_size_above_the_limit_is_refused_before_it_is_sent(app):
    """The answer comes although no byte of the body does."""

    found = app.ask("POST", "/api/predict", None, {"Content-Length": str(1 << 30)})
    assert found.status == 413
    assert f"{LARGEST_BODY:,}" in found.error["allowed"]


def test_a_gigabyte_in_chunks_is_refused_and_not_kept(app):
    """The answer comes after the limit; what else is sent takes no memory."""

    def resident() -> int:
        [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in each]
        return int(line.split()[1]) * 1024

    before = resident()
    piece = bytes(1 << 20)
    found = app.ask("POST", "/api/predict", (piece for _ in range(1024)), chunked=True)
    assert found.status == 413
    assert resident() - before < 10 * LARGEST_BODY


def test_a_slow_body_is_refused(app, monkeypatch):
    """It would hold a connection for ever."""

    monkeypatch.setattr(bodies.read_chunks, "__defaults__", (0.05,))
    found = app.ask("POST", "/api/predict", None, {"Content-Length": "10"})
    assert found.status == 408


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/predict", 405),
        ("DELETE", "/api/champions", 405),
        ("GET", "/api/genres", 422),
        ("GET", "/api/genres?champion=x", 404),
        ("GET", "/api/genres?champion=%00%ff", 404),
        ("GET", f"/api/surprise?champion={NAME}&seed=-1", 400),
        ("GET", f"/api/surprise?champion={NAME}&seed={'9' * 5000}", 400),
        ("GET", f"/api/surprise?champion={NAME}&seed=%C2%B2", 400),
    ],
)
def test_a_bad_address_is_refused(app, method, path, status):
    """As a bad body is."""

    found = app.ask(method, path)
    assert found.status == status
    assert found.error["what"]


@pytest.mark.parametrize(
    "content",
    [
        {"rules": "/etc/passwd", "genres": ["pop"]},
        {"rules": "reviewed", "genres": [1]},
        {"rules": "reviewed", "genres": ["x" * 2000]},
        {"rules": "reviewed", "genres": ["a\nb"]},
        {"rules": "reviewed", "genres": "pop"},
        {"rules": "reviewed"},
    ],
)
def test_bad_micro_genres_are_refused(app, content):
    """A rule set is named, never read from a path; a micro-genre is a name."""

    found = app.post("/api/bin", content)
    assert found.status in {404, 422}
    assert "passwd" not in found.error["allowed"]


def test_the_description_lists_every_address_without_the_network(app):
    """The page /docs has no script and loads nothing; OpenAPI describes the bodies that we read ourselves."""

    page = app.ask("GET", "/docs").body.decode()
    described = app.ask("GET", "/openapi.json").json
    assert "<script" not in page
    assert "src=" not in page
    assert "://" not in page
    for path, methods in described["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
            assert ("requestBody" in methods[method]) == (method == "post")


def test_other_web_pages_are_refused(app):
    """As by all servers of this project."""

    found = app.ask("GET", "/api/champions", headers={"Origin": "http://evil.example"})
    assert found.status == 403


@pytest.mark.parametrize(
    "header", [None, "Bearer wrong", "Bearer", "Basic !!", "Basic", f"Digest {TOKEN}", f"bearer {TOKEN}x"]
)
def test_a_request_without_the_token_is_refused(served_home, header, caplog):
    """By 401, and the token is in no log."""

    with running_app(served_home, TOKEN) as running, caplog.at_level(logging.DEBUG):
        found = running.ask("GET", "/api/champions", headers={"Authorization": header} if header else {})
    assert found.status == 401
    assert found.headers["www-authenticate"].startswith("Basic")
    assert found.error["do"]
    assert TOKEN not in caplog.text + found.body.decode()


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", "Basic YW55Ym9keTphLXRva2VuLW9mLXRoZS10ZXN0cw=="])
def test_the_token_opens_the_application(served_home, header):
    """As a bearer's, or as the password that a browser asks for."""

    with running_app(served_home, TOKEN) as running:
        assert running.ask("GET", "/api/champions", headers={"Authorization": header}).status == 200


def test_without_champions_the_answer_says_what_to_do(home):
    """503, and the list of champions names what is missing; the first champion answers without a new start."""

    with running_app(home) as running:
        found = running.post("/api/predict", {"champion": NAME, "row": {}})
        listed = running.ask("GET", "/api/champions").json
        assert (found.status, listed["champions"]) == (503, [])
        assert "genrelab nightly" in found.error["do"]
        assert "genrelab nightly" in listed["missing"]["champions"]
        small_champion(home, NAME)
        assert running.post("/api/predict", {"champion": NAME, "row": row_of(home)}).status == 200


def promote(home: Home, version: int) -> None:
    """Make the present bundle the champion again, under another number."""
    folder = home.root / "data" / "champions" / NAME
    current = json.loads((folder / "current.json").read_text())
    old, new = folder / str(current["version"]), folder / str(version)
    new.mkdir()
    for path in old.iterdir():
        if path.name != "champion.json":
            (new / path.name).write_bytes(path.read_bytes())
    described = json.loads((old / "champion.json").read_text())
    described["description"]["version"] = version
    (new / "champion.json").write_text(json.dumps(described))
    point(folder, current | {"version": version})


def point(folder: Path, current: dict[str, object]) -> None:
    """Replace `current.json` as a promotion does."""
    (folder / "current.new").write_text(json.dumps(current))
    (folder / "current.new").replace(folder / "current.json")


def test_two_promotions_while_requests_run_drop_none(home):
    """Every answer is complete and of one version; the versions only rise, and the last one answers in the end."""

    small_champion(home, NAME)
    body = {"champion": NAME, "rows": [row_of(home)] * 60}
    first = describe(home, NAME).version
    is_done = threading.Event()

    def ask(running: App) -> list[int]:
        versions = []
        while not is_done.is_set():
            found = running.post("/api/predict", body)
            assert (found.status, len(found.json["predictions"])) == (200, 60)
            versions.append(found.json["version"])
        return versions

    with running_app(home) as running, ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(ask, running) for _ in range(3)]
        while running.post("/api/predict", body).json["version"] != first:
            pass
        for version in (first + 1, first + 2):
            promote(home, version)
            while running.post("/api/predict", body).json["version"] != version:
                assert not any(each.done() for each in asked)
        is_done.set()
        for each in asked:
            versions = each.result()
            assert versions == sorted(versions)
            assert set(versions) <= {first, first + 1, first + 2}


def test_a_bundle_that_cannot_be_read_leaves_the_last_good_champion(home):
    """Its answers say so, until the next promotion."""

    small_champion(home, NAME)
    known = describe(home, NAME)
    champions = Champions(home)
    assert champions.get(NAME).description.version == known.version
    promote(home, known.version + 1)
    (home.root / "data" / "champions" / NAME / str(known.version + 1) / "champion.json").write_text("{")
    champions.refresh()
    assert champions.get(NAME).description.version == known.version
    assert f"version {known.version} answers" in champions.note(NAME)
    with running_app(home) as running:  # started anew, it falls back to the version before
        found = running.post("/api/predict", {"champion": NAME, "row": dict.fromkeys(row_names(known), 0.5)})
        assert found.json["version"] == known.version
        assert "cannot be read" in found.json["note"]


def row_names(known):
    return [feature.name for feature in known.features]


def test_a_champion_of_which_no_version_can_be_read_is_unavailable(home):
    """503, with the folder to remove."""

    small_champion(home, NAME)
    version = describe(home, NAME).version
    (home.root / "data" / "champions" / NAME / str(version) / "champion.json").write_text("{")
    with running_app(home) as running:
        found = running.post("/api/predict", {"champion": NAME, "row": {}})
        assert found.status == 503
        assert NAME in found.error["do"]
        assert running.ask("GET", "/api/champions").status == 200


def test_champions_that_are_being_compiled_again_ask_for_patience(home):
    """As after a new version of genrelab, whose bundles have another form."""

    small_champion(home, NAME)
    version = describe(home, NAME).version
    (home.root / "data" / "champions" / NAME / str(version) / "champion.json").write_text("{")
    champions = Champions(home)
    champions.compiling = "they are being compiled"
    with pytest.raises(RequestError) as refused:
        champions.get(NAME)
    assert refused.value.do == "ask again later: they are being compiled"


def test_the_server_imports_no_mlflow_and_no_prefect():
    """They take seconds, and 200 MB."""

    code = (
        "import sys; from pathlib import Path; from genrelab.runtime.home import Home\n"
        "import uvicorn, genrelab_cli.servers.app_server, genrelab_cli.commands.app\n"
        "from genrelab_cli.app.application import make_application; make_application(Home(Path('/nowhere')))\n"
        "print(sorted({'mlflow', 'prefect', 'great_expectations', 'plotly'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
