"""The declaration of an analysis: its inputs, its result, and the functions that compute, log and show it.

Conventions: work is named by dotted path (`package.module:function`) and imported when it runs, so that listing the
analyses imports neither NumPy nor scikit-learn. A result is a frozen dataclass of plain values; its JSON form is that
of `genrelab.runtime.records`.

`tasks.analysis` runs an analysis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, TypeVar

from genrelab.analyses.broken import fault_of
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import decode

R = TypeVar("R")

PACKAGE = "genrelab.analyses"
SHOWN = "pages"
"""Package of an analysis with everything that the report shows; a change in it does not recompute the analysis."""


@dataclass(frozen=True)
class Summary:
    """Summary of a result for the log and the Prefect UI.

    Args:
        message: One line.
        rows: A table for the Prefect UI.
        about: Description of the rows.
        texts: Further Markdown texts for the Prefect UI, by key.
    """

    message: str
    rows: Sequence[Mapping[str, object]] = ()
    about: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis(Generic[R]):
    """One analysis.

    Args:
        name: Name of its step and of its record.
        folder: Its folder under `genrelab.analyses`; two analyses of the same code share one.
        result: Type of its result, a frozen dataclass.
        reads: Tables without which it does not run.
        reads_if_there: Optional tables; if it reads no others, one of them must exist.
        publishes: Tables that it computes and publishes (`Inputs.publish`).
        is_optional: Whether it is skipped instead of failing if one of `reads` was never published.
        settings: Names of the settings that change the result.
        facts: Results of other steps that it receives, as `step.key`.
        compute: Function of `(inputs: Inputs) -> R`; empty if a dedicated task runs it.
        summary: Function of `(result: R) -> Summary`.
        artifact: Key of the table in the Prefect UI.
        experiment: Its experiment in MLflow; empty if it logs nothing.
        runs: Function of `(result: R) -> Run`.
        pages: Its pages, in the order of the navigation.
        uses: Folders of the analyses whose code it imports.
        sample_label: Name of a result computed from sample data: `the clusters of`.
        description: What it does, in a sentence: the help of its command.
        fault: Why its declaration could not be loaded, which makes its step fail; empty without an error.
    """

    name: str
    folder: str
    result: type[R]
    reads: tuple[str, ...] = ()
    reads_if_there: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()
    is_optional: bool = False
    settings: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    compute: str = ""
    summary: str = ""
    artifact: str = ""
    experiment: str = ""
    runs: str = ""
    pages: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    sample_label: str = ""
    description: str = ""
    fault: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """Return every table that it may read."""
        return (*self.reads, *self.reads_if_there)

    def found_in(self, facts: Mapping[str, object]) -> R | None:
        """Return its result from the facts of a report; None if it has not run."""
        found = facts.get(self.name)
        return found if isinstance(found, self.result) else None

    def fits(self, values: object) -> bool:
        """Return whether the facts of a record fit the result type of this version."""
        return decode(self.result, values) is not None

    @property
    def page_modules(self) -> tuple[str, ...]:
        """Return the modules of its pages."""
        return tuple(f"{PACKAGE}.{self.folder}.{SHOWN}.{page}" for page in self.pages)

    def load(self, work: str) -> Any:
        """Import the function or module that one of the fields names.

        Args:
            work: Dotted path below the analysis' folder: `module:function`, or `module`.

        Raises:
            GenrelabError: The import fails; the error names file and line.
        """
        try:
            return load(f"{self.folder}.{work}")
        except Exception as error:
            raise cannot_run(self.name, fault_of(error)) from error


def load(path: str) -> Any:
    """Import a dotted path below the package of the analyses: `folder.module:name`, or a module."""
    module, _, name = path.partition(":")
    found = import_module(f"{PACKAGE}.{module}")
    return getattr(found, name) if name else found


def cannot_run(name: str, fault: str) -> GenrelabError:
    """Return the error for an analysis whose code cannot be loaded.

    Args:
        name: Name of the analysis.
        fault: Result of `fault_of`.
    """
    return GenrelabError(
        f"the code of the analysis {name} cannot be loaded",
        found=fault,
        do="fix it, or remove its line from src/genrelab/analyses/registry.py",
    )


def budget_of(budget: str | None, *, is_sample: bool) -> str:
    """Return the configured budget, or the default: quick on sample data, nightly on real data."""
    return budget or ("quick" if is_sample else "nightly")
