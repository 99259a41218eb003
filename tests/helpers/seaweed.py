"""A real S3 server of a test's own: SeaweedFS in a folder, on free ports of loopback, ended by its own process id."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ports import HOST, free_ports

KEY, SECRET = "lake-key-of-a-test", "lake-secret-that-must-stay-unseen"
START_SECONDS = 90
PARTS = ("master", "volume", "filer", "s3")


@dataclass
class Seaweed:
    """A server, running or killed.

    Args:
        folder: Of its data.
        ports: Port of each part, and of each part's gRPC.
        process: Of the server.
        more: Words that are added to its command.
        host: Address at which it listens.
    """

    folder: Path
    ports: dict[str, int]
    process: "subprocess.Popen[bytes] | None" = field(default=None)
    more: Sequence[str] = ()
    host: str = HOST

    @property
    def address(self) -> str:
        """Address of the S3 API."""
        return f"http://{self.host}:{self.ports['s3']}"

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to use it."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def bucket(self, name: str) -> str:
        """Make a bucket and return its address."""
        import pyarrow.fs  # noqa: PLC0415 - the tests that use a server import much anyway

        files = pyarrow.fs.S3FileSystem(
            access_key=KEY,
            secret_key=SECRET,
            region="us-east-1",
            endpoint_override=self.address,
            allow_bucket_creation=True,
        )
        files.create_dir(name)
        return f"s3://{name}"

    def client(self) -> Any:
        """Return a client that asks the server itself."""
        import boto3  # noqa: PLC0415 - an extra

        return boto3.client(
            "s3",
            endpoint_url=self.address,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            RuntimeError: It did not start.
        """
        program = weed()
        assert program is not None
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, *self._words()], stdout=log, stderr=log, cwd=self.folder, env=_own_environment()
            )
        until = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < until:
            if self._answers():
                return
            time.sleep(0.1)
        self.kill()
        raise RuntimeError((self.folder / "log").read_text()[-3000:])

    def kill(self) -> None:
        """End it as a power failure would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def _words(self) -> list[str]:
        ports = [f"-{part}.port={self.ports[part]}" for part in PARTS]
        grpc = [f"-{part}.port.grpc={self.ports[f'{part}.grpc']}" for part in PARTS]
        return [
            "server",
            f"-dir={self.folder / 'data'}",
            f"-ip={self.host}",
            f"-ip.bind={self.host}",
            "-filer",
            "-s3",
            *ports,
            *grpc,
            f"-s3.config={self.folder / 's3.json'}",
            "-s3.port.iceberg=0",
            f"-s3.port.lance={self.ports['lance']}",
            "-s3.allowDeleteBucketNotEmpty=true",
            "-master.telemetry=false",
            "-master.volumeSizeLimitMB=64",
            "-volume.max=1000",
            *self.more,
        ]

    def _answers(self) -> bool:
        try:
            self.client().list_buckets()
        except Exception:  # noqa: BLE001 - of whatever kind: it is not ready
            return False
        return self._may_write()

    def _may_write(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.ports['master']}/dir/assign", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


def weed() -> Path | None:
    """The program, beside Python's own or in the path; None where it is not installed."""
    beside = Path(sys.executable).parent / "weed"
    found = shutil.which("weed")
    return beside if beside.is_file() else Path(found) if found else None


@contextmanager
def running(folder: Path, host: str = HOST, port: int = 0, more: Sequence[str] = ()) -> Iterator[Seaweed]:
    """A server with its data in a folder, ended when the block is left.

    Args:
        folder: Need not exist.
        host: Address to listen at.
        port: Of the S3 API; 0 for a free one.
        more: Words that are added to its command.
    """
    (folder / "data").mkdir(parents=True)
    rights = ["Admin", "Read", "Write", "List", "Tagging"]
    user = {"name": "t", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": rights}
    (folder / "s3.json").write_text(json.dumps({"identities": [user]}))
    names = [*PARTS, *(f"{part}.grpc" for part in PARTS), "lance"]
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    server = Seaweed(folder, ports | ({"s3": port} if port else {}), host=host, more=more)
    server.start()
    try:
        yield server
    finally:
        server.kill()  # asked to end, it waits 20 s


def _own_environment() -> dict[str, str]:
    ours = ("AWS_", "WEED_", "GENRELAB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
