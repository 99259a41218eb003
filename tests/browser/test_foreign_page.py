"""A page of somebody else, open in a real browser beside our servers: it changes nothing and reads nothing."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import chromium
from ports import free_port
from prefect_session import prefect_session
from program import prefect_server
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import Sandbox
from genrelab_cli.servers.report_server import serve_report

pytestmark = pytest.mark.browser

PATIENCE = 60
TRIES = """
const [api, deployment, done] = arguments;
const run = `${api}/deployments/${deployment}/create_flow_run`;
const body = JSON.stringify({state: {type: "SCHEDULED"}, parameters: {spotify: "/etc"}});
const text = (address, options) => fetch(address, options).then(answer => answer.text());
const socket = path => new Promise((resolve, reject) => {
  const opened = new WebSocket(api.replace("http", "ws") + path);
  opened.onopen = () => resolve("open");
  opened.onerror = reject;
});
const form = () => new Promise(resolve => {
  const frame = document.body.appendChild(Object.assign(document.createElement("iframe"), {name: "sink"}));
  const form = Object.assign(document.createElement("form"), {
    method: "post", action: run, enctype: "text/plain", target: "sink"});
  form.append(Object.assign(document.createElement("input"), {
    name: body.slice(0, -1) + ', "name": "', value: '"}'}));
  document.body.append(form);
  frame.onload = () => resolve("sent");
  form.submit();
});
const tries = {
  "text/plain": () => text(run, {method: "POST", body, headers: {"Content-Type": "text/plain"}}),
  "no type": () => text(run, {method: "POST", body: new Blob([body])}),
  "unseen": () => text(run, {method: "POST", body: new Blob([body]), mode: "no-cors"}),
  "json": () => text(run, {method: "POST", body, headers: {"Content-Type": "application/json"}}),
  "delete": () => text(`${api}/deployments/${deployment}`, {method: "DELETE"}),
  "read": () => text(`${api}/deployments/${deployment}`),
  "token": () => text(`${api}/csrf-token?client=evil`),
  "events in": () => socket("/events/in"),
  "events out": () => socket("/events/out"),
};
(async () => {
  const found = {};
  for (const [name, attempt] of Object.entries(tries)) {
    found[name] = await attempt().catch(() => "refused");
  }
  await form();
  done(found);
})();
"""
READ = """
const [address, done] = arguments;
fetch(address).then(answer => answer.text()).catch(() => "refused").then(done);
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser that may ask loopback."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        driver.set_script_timeout(PATIENCE)
        yield driver


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of a server whose page is somebody else's."""
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "index.html").write_text("<!doctype html><title>foreign</title>")
    handler = functools.partial(Silent, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Prefect:
    """A Prefect server with one deployment."""

    def __init__(self, api: str) -> None:
        self.api, self.address = api, api.removesuffix("/api")
        self.session = prefect_session(api)
        flow = self.ask("/flows/", {"name": "precious"})["id"]
        self.deployment = self.ask("/deployments/", {"name": "precious_deployment", "flow_id": flow})["id"]

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.session.post(f"{self.api}{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def holds(self) -> str:
        """Everything that a page might want to change."""
        kinds = ("flows", "deployments", "flow_runs")
        return json.dumps([sorted(one["id"] for one in self.ask(f"/{kind}/filter", {})) for kind in kinds])


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory, prefect_database: Path) -> Iterator[Prefect]:
    """The server of `serve`, `ui` and of every run."""
    with prefect_server(tmp_path_factory.mktemp("prefect"), prefect_database) as api:
        yield Prefect(api)


@pytest.mark.parametrize("host", ["evil.localhost", "127.0.0.1", "localhost"])
def test_a_foreign_page_changes_nothing_and_reads_nothing(
    page: webdriver.Chrome, foreign: int, prefect: Prefect, host: str
) -> None:
    """Simple requests, a form, JSON with its preflight and WebSockets, from another name and from another port."""

    before = prefect.holds()
    page.get(f"http://{host}:{foreign}/")
    found = page.execute_async_script(TRIES, prefect.api, prefect.deployment)
    unseen = found.pop("unseen")
    assert set(found.values()) == {"refused"}, found
    assert unseen == ""
    assert prefect.holds() == before


def test_a_name_that_leads_to_loopback_opens_nothing(page: webdriver.Chrome, prefect: Prefect) -> None:
    """The page of a rebound name is of the same origin as the server it asks, and gets nothing from it."""

    rebound = prefect.api.replace("127.0.0.1", "evil.localhost")
    page.get(f"{rebound}/health")
    assert "is not a name of this server" in page.page_source
    before = prefect.holds()
    found = page.execute_async_script(TRIES, rebound, prefect.deployment)
    assert not [said for said in found.values() if said == "open" or "precious" in said], found
    assert prefect.holds() == before


def test_a_page_of_the_server_may_do_all_that(page: webdriver.Chrome, prefect: Prefect) -> None:
    """What is refused to others works for its own pages, so the test above tests something."""

    page.get(f"{prefect.address}/ui-settings")
    found = page.execute_async_script(TRIES, prefect.api, prefect.deployment)
    assert "precious_deployment" in found["read"]
    assert '"token"' in found["token"]
    assert (found["events in"], found["events out"]) == ("open", "open")
    assert "Missing CSRF token" in found["json"], "also an own page shows that it is one"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("version", ["", "/v2"])
def test_both_user_interfaces_work_by_both_names(
    page: webdriver.Chrome, prefect: Prefect, host: str, version: str
) -> None:
    """The list of deployments is asked for by a POST with a token."""

    page.get(f"{prefect.address.replace('127.0.0.1', host)}{version}/deployments")
    WebDriverWait(page, PATIENCE).until(
        lambda shown: shown.find_elements(By.XPATH, "//a[normalize-space()='precious_deployment']")
    )


def test_the_report_and_the_stand_in_are_not_read(
    page: webdriver.Chrome, foreign: int, tmp_path: Path
) -> None:
    """Nor framed; a page of the report reads it."""

    (tmp_path / "secret.html").write_text("<!doctype html>secret")
    report = serve_report(tmp_path, free_port())
    address = f"http://127.0.0.1:{report.server_port}/secret.html"
    try:
        with Sandbox(catalogue(13)) as sandbox:
            page.get(f"http://evil.localhost:{foreign}/")
            assert page.execute_async_script(READ, address) == "refused"
            assert page.execute_async_script(READ, f"{sandbox.api_url}search") == "refused"
            assert not sandbox.counts
        page.get(address)
        assert "secret" in page.execute_async_script(READ, address)
    finally:
        report.shutdown()
        report.server_close()
