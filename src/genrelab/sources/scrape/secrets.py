"""Secrets are never shown: not in a log, not in an error, not in a stored page.

Conventions: whatever holds a secret registers it with the mask once; every text that leaves the scraper goes
through the mask. spotipy writes its headers into debug logs, and urllib3 the addresses that it asks, so their
loggers get a filter.
"""

import logging
import re

MASK = "***"
HEADER = re.compile(r"(Bearer|Basic)\s+[\w.~+/=-]+")
LOGGERS = ("spotipy.client", "spotipy.oauth2", "urllib3.connectionpool")


class Mask(logging.Filter):
    """Replaces secrets by `***`; also a filter for loggers.

    Args:
        secrets: Known from the start.
    """

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self._secrets: list[str] = []
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Hide this from now on."""
        if secret and secret not in self._secrets:
            self._secrets = [*self._secrets[-50:], secret]

    def text(self, text: str) -> str:
        """The text without secrets.

        >>> Mask("sesame").text("Authorization: Bearer abc, open sesame")
        'Authorization: Bearer ***, open ***'
        """
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return HEADER.sub(rf"\1 {MASK}", text)

    def bytes(self, data: bytes) -> bytes:
        """The same for bytes."""
        for secret in self._secrets:
            if secret.encode() in data:
                data = data.replace(secret.encode(), MASK.encode())
        return data

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask a log record; let debug lines pass and hold back errors that the scraper itself handles."""
        record.msg, record.args = self.text(record.getMessage()), ()
        return record.levelno < logging.ERROR

    def attach(self) -> None:
        """Filter what spotipy and urllib3 log."""
        for name in LOGGERS:
            logging.getLogger(name).addFilter(self)

    def detach(self) -> None:
        """Take the filter away."""
        for name in LOGGERS:
            logging.getLogger(name).removeFilter(self)
