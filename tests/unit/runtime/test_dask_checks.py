"""A worker that is not equal to this machine is refused by name."""

import copy
from typing import Any

import pytest

from genrelab.runtime.dask_checks import PACKAGES, code_here, require_equal_workers
from genrelab.runtime.errors import GenrelabError

VERSIONS = {"packages": {"python": "3.11.7.final.0", **dict.fromkeys(PACKAGES, "1.0")}}


class Cluster:
    """What Dask says of one worker.

    Args:
        changed: Its versions that are not those of this process.
        code: Its code.
        problem: Why it cannot read the lake.
    """

    def __init__(
        self, changed: dict[str, str | None], code: str = "", problem: GenrelabError | None = None
    ) -> None:
        worker: dict[str, Any] = copy.deepcopy(VERSIONS)
        worker["packages"] |= changed
        self.versions = {"client": VERSIONS, "scheduler": VERSIONS, "workers": {"tcp://w": worker}}
        self.tried = code or code_here(), problem

    def get_versions(self, packages: tuple[str, ...]) -> dict[str, Any]:
        """As `distributed.Client`."""
        assert packages == PACKAGES
        return self.versions

    def run(self, *_given: object) -> dict[str, Any]:
        """As `distributed.Client`."""
        return {"tcp://w": self.tried}


def test_an_equal_worker_is_accepted() -> None:
    """Whose Python differs in nothing but how far it is released."""

    require_equal_workers(Cluster({"python": "3.11.7.candidate.1"}), b"")


@pytest.mark.parametrize(
    ("cluster", "found", "allowed"),
    [
        (Cluster({"genrelab": "0.9"}), "genrelab 0.9", "genrelab 1.0"),
        (Cluster({"genrelab": None}), "genrelab not installed", "genrelab 1.0"),
        (Cluster({"python": "3.12.1.final.0"}), "Python 3.12.1", "Python 3.11.7"),
        (Cluster({"numpy": "2.0", "xgboost": "3"}), "numpy 2.0, xgboost 3", "numpy 1.0, xgboost 1.0"),
        (Cluster({}, code="0000"), "code 0000", f"code {code_here()}"),
        (Cluster({}, problem=GenrelabError("no", found="nothing", allowed="a lake")), "nothing", "a lake"),
    ],
)
def test_another_worker_is_refused(cluster: Cluster, found: str, allowed: str) -> None:
    """Its address, what it has and what this machine has."""

    with pytest.raises(GenrelabError, match="the Dask worker tcp://w ") as raised:
        require_equal_workers(cluster, b"")
    assert (raised.value.found, raised.value.allowed) == (found, allowed)
