"""A real PostgreSQL server of a test's own: in a folder, on a free port of loopback, ended by its own process id."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from ports import HOST, free_port

PASSWORD = "not-a-secret-but-must-stay-unseen"  # noqa: S105 - of a server that lives for one test
START_SECONDS = 60
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgreSQL:
    """A running server.

    Args:
        port: Where it listens.
        host: Address at which it listens.
    """

    port: int
    host: str = HOST

    def address(self, database: str, driver: str) -> str:
        """Address of a database, with the password in it, as SQLAlchemy takes it."""
        return f"postgresql+{driver}://postgres:{PASSWORD}@{self.host}:{self.port}/{database}"

    def ask(self, database: str, question: str) -> list[tuple[object, ...]]:
        """The rows that answer a question."""
        with psycopg.connect(
            host=self.host,
            port=self.port,
            user="postgres",
            password=PASSWORD,
            dbname=database,
            autocommit=True,
        ) as connection:
            cursor = connection.execute(question.encode())
            return cursor.fetchall() if cursor.description else []


def programs() -> Path | None:
    """Folder of `initdb` and `postgres`; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    folders = (
        [Path(found).parent]
        if found
        else sorted(DEBIAN.glob("*/bin"), key=lambda path: -float(path.parent.name))
    )
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


@contextmanager
def running(folder: Path, host: str = HOST, port: int = 0) -> Iterator[PostgreSQL]:
    """A server with its data in a folder, ended when the block is left.

    Args:
        folder: An empty folder.
        host: Address to listen at; its network may connect, with the password.
        port: Its port; 0 for a free one.

    Raises:
        RuntimeError: It did not start.
    """
    bin_folder = programs()
    assert bin_folder is not None
    user = _user()
    if user:
        shutil.chown(folder, user)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    if user:
        shutil.chown(secret, user)
    data = folder / "data"
    made = subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}"],
        user=user,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    if made.returncode:
        raise RuntimeError(made.stderr)
    with (data / "pg_hba.conf").open("a") as access:
        access.write(f"host all all {host}/24 scram-sha-256\n")
    port = port or free_port()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, "-p", str(port), "-h", host, "-k", folder],
            user=user,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        _wait(server, folder / "log")
        yield PostgreSQL(port, host)
    finally:
        server.terminate()
        server.wait(START_SECONDS)


def _user() -> str | None:
    """PostgreSQL refuses to run as root: its own account then."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name


def _wait(server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        if b"ready to accept" in log.read_bytes():
            return
        time.sleep(0.1)
    raise RuntimeError(log.read_text())
