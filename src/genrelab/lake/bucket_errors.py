"""Turns errors of an object store into messages: what is wrong, what was found, what is allowed, what to do.

Conventions: a message never holds a key, a token, or a password in an address. Errors of botocore have codes; those
of Delta Lake are texts, from which the same code is read.
"""

import re
from collections.abc import Iterable

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.unexpected import MASK, mask

STAYS = "the last good versions stay in use"
LONGEST = 300


class StorageError(GenrelabError):
    """The object store of the lake does not do what it should."""


class UnreachableError(StorageError):
    """The object store does not answer, or answers with an error of its own."""


RULES: tuple[tuple[str, str, str, str], ...] = (
    (
        r"NoSuchBucket|NoSuchBucketError",
        "the bucket of the lake does not exist",
        "an existing bucket",
        "create it, or correct lake.location in genrelab.toml (or GENRELAB_LAKE)",
    ),
    (
        (
            r"ExpiredToken|TokenRefreshRequired|RequestExpired|CredentialRetrievalError|TokenRetrievalError"
            r"|SSOTokenLoadError|UnauthorizedSSOTokenError"
        ),
        "the credentials of the object store have expired",
        "credentials that are valid now",
        "log in again (`aws sso login`), or renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
    ),
    (
        r"RequestTimeTooSkewed|RequestInTheFuture",
        "the clock of this machine differs from that of the object store",
        "at most 15 minutes of difference",
        "set the clock (`timedatectl set-ntp true`)",
    ),
    (
        r"InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|AuthFailure|InvalidClientTokenId",
        "the object store does not accept the credentials",
        "an access key of this store with its secret",
        "correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile of AWS_PROFILE",
    ),
    (
        r"NoCredentialsError|PartialCredentialsError|ProfileNotFound|NoAuthTokenError|no credentials",
        "there are no credentials for the object store",
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile in ~/.aws, or a role of the machine",
        "set them; docs/guide.md, Moving to more machines, has an example",
    ),
    (
        (
            r"PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|TemporaryRedirect"
            r"|IncorrectEndpoint|\b301\b|\b307\b"
        ),
        "the bucket of the lake is in another region",
        "the region of the bucket",
        "set AWS_DEFAULT_REGION to it",
    ),
    (
        (
            r"QuotaExceeded|InsufficientStorage|InsufficientCapacity|StorageFull|XMinioStorageFull|NotEnoughSpace"
            r"|EntityTooLarge|\b507\b|no space left"
        ),
        "the object store is full",
        "room for a new version of a table",
        "make room in the bucket (`genrelab clean --dry-run` lists what can be removed) and run again",
    ),
    (
        r"AccessDenied|AllAccessDisabled|\b403\b|Forbidden",
        "the object store denies access to the lake",
        "s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on the bucket",
        "give the user of these credentials those rights",
    ),
)
"""Codes by which an error is recognised, what is wrong, what is allowed, what to do."""


def explained(
    error: BaseException, location: str, endpoint: str, secrets: Iterable[str] = ()
) -> StorageError:
    """Return the message for an error of a store.

    Args:
        error: Of botocore, or of Delta Lake.
        location: Of the lake.
        endpoint: Address of the server; empty for that of AWS.
        secrets: Values that are never shown.
    """
    if isinstance(error, StorageError):
        return error
    code = _code(error)
    where = f"{location} at {endpoint}" if endpoint else location
    found = hidden(f"{where}: {_words(error)}", secrets)
    for pattern, what, allowed, do in RULES:
        if re.search(pattern, code, re.IGNORECASE):
            return StorageError(what, found=found, allowed=allowed, do=f"{do}; {STAYS}")
    return UnreachableError(
        "the object store of the lake does not answer as it should",
        found=found,
        allowed="an S3 server that can be reached from this machine",
        do="check AWS_ENDPOINT_URL, the server, its log and the room on its disk, then run the same command again; "
        + STAYS,
    )


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    return mask(text)


def _code(error: BaseException) -> str:
    """Return what an error is recognised by: the code of the server, the kind of the error, or its text."""
    answer = getattr(error, "response", None)
    if isinstance(answer, dict):
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
        return f"{answer.get('Error', {}).get('Code', '')} {status}"
    if type(error).__module__.startswith(("botocore", "boto3", "s3transfer")):
        return type(error).__name__ + (f" {error}" if "Failed" in type(error).__name__ else "")
    return str(error)


def _words(error: BaseException) -> str:
    """Return an error in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    codes = re.findall(r"<(?:Code|Message)>([^<]*)<", str(error))
    return (": ".join(codes) or " ".join(lines) or type(error).__name__)[:LONGEST]
