"""How an object store (S3) is reached: address, region, credentials, and how long is waited for it.

Conventions: address, region and credentials are found the way of AWS. Whoever asks the store waits `READ_SECONDS` at
most `TRIES` times: the lake's own client, Delta Lake, and MLflow, which stores its files with a client of its own.

What is asked does not belong here but in `genrelab.lake.object_store`.
"""

import contextlib
import os
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from genrelab.lake.bucket_errors import StorageError, explained

CONNECT_SECONDS = 5
READ_SECONDS = 30
TRIES = 3
CONNECTIONS = 16


def connect(location: str) -> tuple[Any, Any]:
    """Return a client for the store of a location, and the session that it was made from.

    Raises:
        StorageError: boto3 is not installed, or the profile does not exist.
    """
    try:
        import boto3  # noqa: PLC0415 - an extra
        from botocore.config import Config  # noqa: PLC0415 - as above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - as above
        from botocore.session import Session as BotocoreSession  # noqa: PLC0415 - as above
    except ImportError:
        raise StorageError(
            f"the lake is at {location}, and boto3 is not installed",
            do="install it: pip install --require-hashes -r requirements-s3.lock",
        ) from None
    try:
        shared = BotocoreSession()
        shared.set_default_client_config(
            Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                max_pool_connections=CONNECTIONS,
            )
        )
        region = os.environ.get("AWS_REGION") or shared.get_config_variable("region") or "us-east-1"
        session = boto3.Session(botocore_session=shared, region_name=region)
        client = session.client("s3")
        if ".amazonaws.com" not in str(client.meta.endpoint_url):
            # Others know buckets by path, and checksums only where S3 had them from the beginning.
            others = Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
            shared.set_default_client_config(shared.get_default_client_config().merge(others))
            client = session.client("s3")
    except (BotoCoreError, ValueError) as error:
        raise explained(error, location, "") from None
    return client, session


def share(session: Any) -> None:
    """Make every client that is made of boto3 from now on one of this session, with its waits and credentials."""
    import boto3  # noqa: PLC0415 - an extra

    # `setup_default_session` would make a second session of the same botocore session, whose clients cannot be made.
    boto3.DEFAULT_SESSION = session


def delta_waits() -> dict[str, str]:
    """Return the waits as Delta Lake takes them."""
    return {
        "connect_timeout": f"{CONNECT_SECONDS}s",
        "timeout": f"{READ_SECONDS}s",
        "max_retries": str(TRIES),
        "retry_timeout": f"{TRIES * READ_SECONDS}s",
    }


def server_time(answer: Mapping[str, Any]) -> datetime | None:
    """Return the time of the server at its answer, or None if it does not say."""
    with contextlib.suppress(KeyError, ValueError, TypeError):
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    return None
