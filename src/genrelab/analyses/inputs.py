"""Inputs of an analysis: only the tables, settings and facts that it declares.

Reading anything undeclared raises an error, because the fingerprint of the step would not include it: the step would be
skipped although its input changed.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from genrelab.analyses.analysis import Analysis, budget_of
from genrelab.lake.lake import Lake, in_source_order
from genrelab.lake.stored_rows import StoredRows
from genrelab.lake.version import TableVersion
from genrelab.runtime.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ALWAYS = ("cores",)
"""Settings that change the running time but not the result."""


class UndeclaredError(LookupError):
    """An analysis reads a table, a setting or a fact that it does not declare."""


class Inputs:
    """The tables, settings and facts of one analysis.

    Args:
        analysis: The declaration.
        settings: The settings of the run.
        facts: Values of the declared facts, by `step.key`.
    """

    def __init__(
        self, analysis: Analysis[Any], settings: Settings, facts: Mapping[str, object] | None = None
    ) -> None:
        self.analysis = analysis
        self.dataset: tuple[TableVersion, pd.DataFrame] | None = None
        self.tables: dict[str, pa.Table] = {}
        self.home = settings.home
        self._lake, self._settings, self._facts = Lake(settings.home), settings, facts or {}
        self._versions: dict[str, TableVersion | None] = {}

    def version(self, table: str) -> TableVersion:
        """Return the version of a table that this run reads.

        Raises:
            GenrelabError: It was never published.
            UndeclaredError: The analysis does not declare it.
        """
        return self.find(table) or self._lake.current(table)

    def find(self, table: str) -> TableVersion | None:
        """Return the version of a table that this run reads, or None if it was never published."""
        self._check("table", table, self.analysis.tables)
        if table not in self._versions:
            self._versions[table] = self._lake.find(table)
        return self._versions[table]

    @property
    def versions(self) -> tuple[TableVersion, ...]:
        """Return the version of every table that was read so far."""
        return tuple(version for version in self._versions.values() if version)

    def read(
        self, table: str, columns: Sequence[str] | None = None, *, is_ordered: bool = False
    ) -> "pa.Table":
        """Return the rows of a table.

        Args:
            table: Its name.
            columns: Names of the columns, None for all.
            is_ordered: Whether to keep the order of the source.
        """
        data = self._lake.read(table, columns, self.version(table).version)
        return in_source_order(data) if is_ordered else data

    def stored(self, table: str) -> StoredRows:
        """Return the rows of a table in the order of its files, to be read by column or in batches."""
        return self._lake.stored(table, self.version(table).version)

    def publish(self, table: str, rows: "pa.Table") -> None:
        """Set the rows of a table that the analysis declares to publish; `tasks.analysis` audits and publishes them."""
        self._check("table", table, self.analysis.publishes, does="publishes")
        self.tables[table] = rows

    def fitted_on(self, table: str, frame: "pd.DataFrame") -> None:
        """Set the rows used for the result as the dataset of the MLflow runs."""
        self.dataset = self.version(table), frame

    def fact(self, name: str) -> Any:
        """Return a result of another step; None if it never ran."""
        self._check("fact", name, self.analysis.facts)
        return self._facts.get(name)

    def setting(self, name: str) -> Any:
        """Return a setting of the run."""
        self._check("setting", name, (*self.analysis.settings, *ALWAYS))
        return getattr(self._settings, name)

    @property
    def seed(self) -> int:
        """Return the random seed."""
        return int(self.setting("seed"))

    @property
    def cores(self) -> int:
        """Return the number of processor cores to use."""
        return int(self.setting("cores"))

    def budget(self, table: str) -> str:
        """Return the configured budget, or the default: quick on sample data, nightly on real data."""
        return budget_of(self.setting("budget"), is_sample=self.version(table).is_sample)

    def _check(self, kind: str, name: str, declared: Sequence[str], *, does: str = "reads") -> None:
        if name not in declared:
            raise UndeclaredError(
                f"the analysis {self.analysis.name} {does} the {kind} {name!r}, which it does not declare; "
                f"declared: {', '.join(declared) or 'none'}"
            )
