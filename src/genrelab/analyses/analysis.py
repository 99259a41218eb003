"""The declaration of an analysis: what it reads, what it finds, who computes, logs and shows it.

Conventions: work is named by dotted path (`package.module:function`) and imported when it runs, so that listing the
analyses imports neither NumPy nor scikit-learn. A result is a frozen dataclass of plain values; its JSON form is that
of `genrelab.runtime.records`.

How an analysis is run does not belong here but in `tasks.analysis`.
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
"""Package of an analysis that holds all that the report shows; a change in it computes nothing anew."""


@dataclass(frozen=True)
class Summary:
    """What people are told of a result where it was computed.

    Args:
        message: One line.
        rows: A table for the Prefect UI.
        about: What the rows are.
        texts: More for the Prefect UI in Markdown, by key.
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
        result: Type of what it finds: a frozen dataclass.
        reads: Tables without which it does not run.
        reads_if_there: Tables that it can do without; where it reads no others, one of them has to be there.
        is_optional: Whether it is skipped, instead of failing, where one of `reads` was never published.
        settings: Names of the settings that change the result.
        facts: What other steps found and it is given, as `step.key`.
        compute: Function of `(inputs: Inputs) -> R`; empty where a task of its own runs it.
        summary: Function of `(result: R) -> Summary`.
        artifact: Key of the table in the Prefect UI.
        experiment: Its experiment in MLflow; empty where it logs nothing.
        runs: Function of `(result: R) -> Run`.
        pages: Its pages, in the order of the navigation.
        uses: Folders of the analyses whose code it imports.
        sample_label: What its result is called where a table of sample data was behind it: `the clusters of`.
        description: What it does, in a sentence: the help of its command.
        fault: Why its declaration could not be loaded, so that its step can only fail; empty where it could.
    """

    name: str
    folder: str
    result: type[R]
    reads: tuple[str, ...] = ()
    reads_if_there: tuple[str, ...] = ()
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
        """Every table that it may read."""
        return (*self.reads, *self.reads_if_there)

    def found_in(self, facts: Mapping[str, object]) -> R | None:
        """Its result among those of a report; None when it has not run."""
        found = facts.get(self.name)
        return found if isinstance(found, self.result) else None

    def fits(self, values: object) -> bool:
        """Whether the facts of a record are a result as this version writes it."""
        return decode(self.result, values) is not None

    @property
    def page_modules(self) -> tuple[str, ...]:
        """Modules of its pages."""
        return tuple(f"{PACKAGE}.{self.folder}.{SHOWN}.{page}" for page in self.pages)

    def load(self, work: str) -> Any:
        """Import the function or module that one of the fields names.

        Args:
            work: Dotted path below the analysis' folder: `module:function`, or `module`.

        Raises:
            GenrelabError: It cannot be imported; names the file and the line.
        """
        try:
            return load(f"{self.folder}.{work}")
        except Exception as error:
            raise cannot_run(self.name, fault_of(error)) from error


def load(path: str) -> Any:
    """Import what a dotted path below the package of the analyses names: `folder.module:name`, or a module."""
    module, _, name = path.partition(":")
    found = import_module(f"{PACKAGE}.{module}")
    return getattr(found, name) if name else found


def cannot_run(name: str, fault: str) -> GenrelabError:
    """What to say of an analysis whose code cannot be loaded.

    Args:
        name: Of the analysis.
        fault: From `fault_of`.
    """
    return GenrelabError(
        f"the code of the analysis {name} cannot be loaded",
        found=fault,
        do="correct it, or remove its line from src/genrelab/analyses/registry.py",
    )


def budget_of(budget: str | None, *, is_sample: bool) -> str:
    """How much work a run may do: as configured, and without that quick on sample data, nightly on real data."""
    return budget or ("quick" if is_sample else "nightly")
