"""Two hosts on one machine: linked network namespaces with names of their own, in which the guide's commands run."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from postgresql import PASSWORD
from program import Program
from seaweed import KEY, SECRET

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide.md"
NETWORK = 0x40000000
"""CLONE_NEWNET of setns(2)."""
SECRETS = {"your-password": PASSWORD, "your-key": KEY, "your-secret": SECRET}
HERE = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "GENRELAB_BUDGET": "quick",
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
}
"""What a host finds besides what the guide sets."""
PATIENCE = 600
STEP_SECONDS = 600


def refusal() -> str:
    """Why this machine has no network namespaces for a test; empty if it has."""
    if not shutil.which("ip") or not shutil.which("unshare"):
        return "ip or unshare is not installed"
    name = f"genrelab-{uuid.uuid4().hex[:8]}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"network namespaces are refused: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return ""


def block(where: str) -> list[str]:
    """The commands that the guide shows for a host, with the passwords of this test's servers."""
    [text] = re.findall(
        rf"```sh {re.escape(where)}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for word, secret in SECRETS.items():
        text = text.replace(word, secret)
    return [line for line in text.splitlines() if line.strip()]


@dataclass
class Host:
    """One host: a shell session in a network namespace.

    Args:
        namespace: Its namespace.
        folder: Of its logs; its home is in it.
        environment: What `export` has set so far.
        servers: What it left running, by the words of the command.
    """

    namespace: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    servers: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """Its GENRELAB_HOME."""
        return self.folder / "home"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Let this thread use the host's network, and every process and thread that it starts."""
        libc = ctypes.CDLL(None, use_errno=True)
        with (
            Path("/proc/thread-self/ns/net").open() as before,
            Path(f"/run/netns/{self.namespace}").open() as there,
        ):
            if libc.setns(there.fileno(), NETWORK):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(before.fileno(), NETWORK)

    def run(self, lines: list[str]) -> str:
        """Run lines of the guide as `bash` does; return what they print. A line with `&` is left running."""
        return "".join(self._run(line) for line in lines)

    def log(self, start: str) -> str:
        """What a command that was left running has printed."""
        return self._log(start).read_text()

    def stop(self, start: str) -> None:
        """End a command that was left running."""
        _end(self.servers.pop(start))

    def kill(self, start: str) -> None:
        """End a command that was left running, and all that it started, as a power failure would."""
        import psutil  # noqa: PLC0415 - few tests need it

        process = self.servers.pop(start)
        for each in psutil.Process(process.pid).children(recursive=True):
            each.kill()
        process.kill()
        process.wait()

    def close(self) -> None:
        """End all that was left running, the newest first."""
        for start in reversed(list(self.servers)):
            self.stop(start)

    def _run(self, line: str) -> str:
        if line.startswith("export "):
            self.environment |= dict(word.split("=", 1) for word in line.split()[1:])
            return ""
        if line.endswith(" &"):
            self._start(line.removesuffix(" &"))
            return ""
        done = subprocess.run(
            self._words(line),
            env=self._whole_environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _start(self, line: str) -> None:
        start = _start_of(line)
        with self._log(start).open("ab") as log:
            self.servers[start] = subprocess.Popen(
                self._words(f"exec {line}"),
                env=self._whole_environment(),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def _log(self, start: str) -> Path:
        return self.folder / f"{re.sub(r'[^a-z]+', '-', start)}.log"

    def _words(self, line: str) -> list[str]:
        named = f'hostname {self.folder.name} && exec bash -c "$0"'
        return ["ip", "netns", "exec", self.namespace, "unshare", "--uts", "sh", "-c", named, line]

    def _whole_environment(self) -> dict[str, str]:
        clean = {
            name: value
            for name, value in Program(self.home).environment.items()
            if not name.startswith(("AWS_", "PG"))
        }
        return {**clean, **HERE, **self.environment}


@contextmanager
def linked(folder: Path) -> Iterator[tuple[Host, Host]]:
    """Two hosts, 10.0.0.1 and 10.0.0.2, linked to each other and to nothing else."""
    mark = uuid.uuid4().hex[:6]
    hosts = []
    with ExitStack() as stack:
        for number in (1, 2):
            host = Host(f"genrelab-{mark}-{number}", folder / f"host{number}")
            host.folder.mkdir(parents=True)
            _ip("netns", "add", host.namespace)
            stack.callback(_ip, "netns", "del", host.namespace)
            stack.callback(host.close)
            hosts.append(host)
        one, two = hosts
        _ip(
            "-n",
            one.namespace,
            "link",
            "add",
            "link0",
            "type",
            "veth",
            "peer",
            "link0",
            "netns",
            two.namespace,
        )
        for number, host in enumerate(hosts, start=1):
            _ip("-n", host.namespace, "address", "add", f"10.0.0.{number}/24", "dev", "link0")
            for device in ("lo", "link0"):
                _ip("-n", host.namespace, "link", "set", device, "up")
        yield one, two


def wait(condition: Callable[[], object], message: Callable[[], str], seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; fail with a message if it never does."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, message()
        time.sleep(0.5)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _start_of(line: str) -> str:
    """The words of a command before its options: `mlflow server`."""
    return re.split(r" (?=-|\d)", line.replace("python -m ", ""))[0]


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
