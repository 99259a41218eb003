"""How fast `genrelab app` answers, beside a bare Starlette application that returns its request.

    python benchmarks/serving.py [CHAMPION] [--requests 2000]

Starts `genrelab app` on the home (`GENRELAB_HOME`) and asks for rows of real tracks of a champion, default
spotify-bins-classic. Then the same requests go to the bare application, served by uvicorn with the same settings: a
slow machine slows both. A client is a thread with one connection that sends its next request when it has the answer.

    start     seconds from the command to the first prediction: at most 3
    one row   median with one client, at most 3 ms; 99th percentile with eight clients, at most 15 ms
    1,000     median of one request with 1,000 rows: at most 40 ms
    memory    resident memory of the server after all requests: at most 400 MB

Processor time of the server for a request is measured beside: on a busy machine it says more than the clock.

Prints a Markdown table. About half a minute.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from genrelab_cli.numbers import markdown

HOST = "127.0.0.1"
PATIENCE = 60
CLIENTS = 8
MANY, REPEATS = 1_000, 15
LIMITS = {"start": 3.0, "one": 3.0, "eight": 15.0, "many": 40.0, "memory": 400.0}
ECHO = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

async def echo(request):
    return Response(await request.body(), media_type="application/json")

application = Starlette(routes=[Route("/api/predict", echo, methods=["POST"])])
uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def program(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that is stopped in the end."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([sys.executable, *words], stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


class Client:
    """One connection to a server.

    Args:
        port: Its port.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request and return the body of its answer."""
        self._socket.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].split()[0])
        while len(body) < size:
            body += self._more()
        if b" 200 " not in head.partition(b"\r\n")[0]:
            sys.exit(f"the server refused a request: {body.decode()[:500]}")
        return body

    def _more(self) -> bytes:
        piece = self._socket.recv(1 << 16)
        if not piece:
            raise ConnectionError
        return piece

    def times(self, requests: list[bytes]) -> list[float]:
        """Milliseconds of each request, one after the other."""
        found = []
        for request in requests:
            start = time.perf_counter()
            self.ask(request)
            found.append(1_000 * (time.perf_counter() - start))
        return found


def message(method: str, path: str, content: object = None) -> bytes:
    """A request as it goes over the wire."""
    body = b"" if content is None else json.dumps(content).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def first_answer(port: int, request: bytes, process: "subprocess.Popen[bytes]") -> bytes:
    """Ask until the server answers."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            return Client(port).ask(request)
        except OSError:
            time.sleep(0.01)
    sys.exit("the server does not start; run `genrelab app` to see why")


def measure(port: int, pid: int, rows: list[bytes], many: bytes) -> dict[str, float]:
    """Milliseconds: `one` client's median, 99th percentile of `eight`, `many` rows in one request."""
    Client(port).times([*rows[:50], many])
    used = [processor_time(pid)]
    one = statistics.median(Client(port).times(rows))
    used.append(processor_time(pid))
    often = statistics.median(Client(port).times([many] * REPEATS))
    used.append(processor_time(pid))
    clients = [Client(port) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as threads:
        eight = [
            each
            for found in threads.map(Client.times, clients, [rows[: len(rows) // 4]] * CLIENTS)
            for each in found
        ]
    return {
        "one": one,
        "eight": statistics.quantiles(eight, n=100)[-1],
        "many": often,
        "one_processor": (used[1] - used[0]) / len(rows),
        "many_processor": (used[2] - used[1]) / REPEATS,
    }


def processor_time(pid: int) -> float:
    """Milliseconds that a process has computed."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return 1_000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    [line] = [
        each
        for each in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        if "VmRSS" in each
    ]
    return int(line.split()[1]) / 1_000


def real_rows(port: int, champion: str) -> list[dict[str, float]]:
    """Features of random real tracks."""
    client = Client(port)
    return [
        json.loads(client.ask(message("GET", f"/api/surprise?champion={champion}&seed={seed}")))["row"]
        for seed in range(100)
    ]


def main() -> None:
    """Measure both servers and print how they compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("champion", nargs="?", default="spotify-bins-classic")
    parser.add_argument("--requests", type=int, default=2_000)
    asked = parser.parse_args()
    port, start = free_port(), time.perf_counter()
    with program("-m", "genrelab_cli.main", "app", "--port", str(port)) as process:
        first_answer(port, message("GET", f"/api/surprise?champion={asked.champion}&seed=1"), process)
        ours = {"start": time.perf_counter() - start}
        rows = real_rows(port, asked.champion)
        single = [
            message("POST", "/api/predict", {"champion": asked.champion, "row": rows[number % len(rows)]})
            for number in range(asked.requests)
        ]
        many = message(
            "POST", "/api/predict", {"champion": asked.champion, "rows": rows * (MANY // len(rows))}
        )
        ours |= measure(port, process.pid, single, many)
        ours["memory"] = resident(process.pid)
    port, start = free_port(), time.perf_counter()
    with program("-c", ECHO, str(port)) as process:
        first_answer(port, single[0], process)
        bare = {
            "start": time.perf_counter() - start,
            **measure(port, process.pid, single, many),
            "memory": resident(process.pid),
        }
    titles = {
        "start": ("start to first answer", "s"),
        "one": ("one row, one client, median", "ms"),
        "eight": (f"one row, {CLIENTS} clients, 99th percentile", "ms"),
        "many": (f"{MANY:,} rows, median", "ms"),
        "memory": ("memory", "MB"),
        "one_processor": ("one row, processor time", "ms"),
        "many_processor": (f"{MANY:,} rows, processor time", "ms"),
    }
    print(
        markdown(
            ("measured", "genrelab app", "bare Starlette", "ratio", "at most"),
            [
                (
                    title,
                    f"{ours[key]:.1f} {unit}",
                    f"{bare[key]:.1f} {unit}",
                    f"{ours[key] / bare[key]:.1f}" if bare[key] else "",
                    f"{LIMITS[key]:.0f} {unit}" if key in LIMITS else "",
                )
                for key, (title, unit) in titles.items()
            ],
        )
    )
    print(f"{os.cpu_count()} cores, champion {asked.champion}", file=sys.stderr)
    if missed := [title for key, (title, _) in titles.items() if ours[key] > LIMITS.get(key, ours[key])]:
        sys.exit(f"above the limit: {', '.join(missed)}")


if __name__ == "__main__":
    main()
