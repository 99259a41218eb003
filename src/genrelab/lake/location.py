"""The setting that says where the lake lies.

    [lake]
    location = "s3://bucket/prefix"  # or GENRELAB_LAKE; without it, data/ in the home

The address of the server, its region and the credentials are those of AWS: AWS_ENDPOINT_URL, AWS_DEFAULT_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE and the files in ~/.aws.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from genrelab.runtime.settings_file import FileSettings, rule, setting

ADDRESS = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_=][A-Za-z0-9_.=-]*)*/?")


def _address(value: str) -> str:
    """Return an address without the slash at its end."""
    if value and not ADDRESS.fullmatch(value):
        raise ValueError(repr(value) if "@" not in value else "an address with credentials in it")
    return value.rstrip("/")


class LakeSettings(FileSettings):
    """Where the lake lies.

    Args:
        location: `s3://bucket/prefix`; empty for the folder of the home.
    """

    location: Annotated[
        str,
        AfterValidator(_address),
        rule(
            "{place} is not the address of a lake",
            "s3://bucket/prefix with letters, digits, . _ = and -; without it, the lake is in the home",
        ),
    ] = setting("lake.location", "", "GENRELAB_LAKE")
