"""The lake: validated tables in Parquet under Delta Lake, and the rows that were rejected.

Conventions: a table is overwritten as a whole and its old versions stay readable. Delta keeps no row order, so code
that needs an order calls `in_source_order`. Counts and provenance are stored in the commit (`genrelab.lake.version`).
Rejected rows are written before the commit that names them: a kill between the two leaves an unused file.

Rows are not checked here: `tasks.publishing.publish` audits them before it calls `Lake.publish`. Reading versions from
the logs, without reading rows, belongs to `genrelab.lake.log`.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Schema,
    WriterProperties,
    write_deltalake,
)
from deltalake.transaction import AddAction, create_table_with_add_actions

from genrelab.lake.ingested import QUARANTINE
from genrelab.lake.log import LakeLog
from genrelab.lake.source_order import source_order
from genrelab.lake.staging import ROW_GROUP, adopt, discard, fresh_folder, rows_of, write_rows
from genrelab.lake.stored_rows import StoredRows
from genrelab.lake.version import Counts, TableVersion, commit_metadata
from genrelab.runtime.errors import GenrelabError

if TYPE_CHECKING:
    import pyarrow.dataset as ds


class Lake(LakeLog):
    """The tables of one home.

    Args:
        home: Where they lie.
    """

    def read(self, table: str, columns: Sequence[str] | None = None, version: int | None = None) -> pa.Table:
        """Return the rows of the newest (or a given) version, in no particular order.

        Raises:
            GenrelabError: There is no such table or version.
        """
        return self.dataset(table, version).to_table(columns=list(columns) if columns else None)

    def stored(self, table: str, version: int | None = None) -> StoredRows:
        """Return the rows of the newest (or a given) version, to be read by column or in batches.

        Raises:
            GenrelabError: There is no such table or version.
        """
        return StoredRows(self.dataset(table, version))

    def dataset(self, table: str, version: int | None = None) -> "ds.Dataset":
        """Return the newest (or a given) version as an Arrow dataset, whose rows are read when they are needed.

        Raises:
            GenrelabError: There is no such table or version.
            FileNotFoundError: Its files were removed.
        """
        import pyarrow.dataset as ds  # noqa: PLC0415 - it imports pandas, which a skipped step does without

        delta = self._open(table, version)
        if delta is None:
            self.current(table)
            raise GenrelabError(
                f"the table {table} has no version {version}", do="see `genrelab tables` for the newest"
            )
        # Read natively: deltalake's own reader went through a filesystem in Python, and one process in
        # twenty aborted at exit after it (docs/decisions/0003-lake.md).
        files = [str(file) for file in self._files(table, delta)]
        if not files:
            return ds.dataset(pa.schema(delta.schema().to_arrow()).empty_table())
        return ds.dataset(files, format="parquet")

    def publish(
        self,
        table: str,
        data: pa.Table,
        counts: Counts,
        *,
        source: str,
        is_sample: bool,
        rejected: pa.Table | None = None,
        notes: Sequence[str] = (),
        warnings: Sequence[str] = (),
        caveats: Sequence[str] = (),
        rules: Mapping[str, str] | None = None,
    ) -> TableVersion:
        """Replace a table by `data` in one commit.

        Args:
            table: Name.
            data: Audited rows.
            counts: Where the source's records went; `counts.rows` is the length of `data`.
            source: Where they came from.
            is_sample: Whether they are synthetic.
            rejected: Rows of `genrelab.lake.ingested.QUARANTINE`.
            notes: What the reader noted.
            warnings: What the suite warned of.
            caveats: What the reader did that changes what the table means.
            rules: The sha256 of each rule set that made labels, by name.

        Returns:
            The version that readers now see.
        """
        properties = self._begin(
            table,
            len(data),
            counts,
            rejected,
            source=source,
            is_sample=is_sample,
            notes=notes,
            warnings=warnings,
            caveats=caveats,
            rules=rules,
        )
        self.storage.commit(
            partial(
                write_deltalake,
                self.storage.uri(f"lake/{table}"),
                data,
                mode="overwrite",
                schema_mode="overwrite",
                storage_options=self.storage.options,
                # a row group is held while it is written, and by default it is a million rows
                writer_properties=WriterProperties(compression="SNAPPY", max_row_group_size=ROW_GROUP),
                post_commithook_properties=_keep_the_log(),
                commit_properties=properties,
            ),
        )
        return self.current(table)

    def staging(self, table: str) -> Path:
        """Return a new folder for files that `publish_files` will commit.

        Files of a killed process in staging are removed first.
        """
        return fresh_folder(self.storage.path("lake/.staging"), table)

    def stage(self, table: str, schema: pa.Schema, parts: Iterable[pa.Table]) -> StoredRows:
        """Write rows to new files in staging, a part at a time, for `publish_files`.

        Args:
            table: Name.
            schema: Its schema.
            parts: The rows, in order.
        """
        import pyarrow.dataset as ds  # noqa: PLC0415 - as above

        folder = self.staging(table)
        try:
            files = write_rows(folder, schema, parts)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return StoredRows(ds.dataset([str(file) for file in files], schema, format="parquet"))

    def publish_files(
        self,
        table: str,
        files: Sequence[Path],
        schema: pa.Schema,
        counts: Counts,
        *,
        source: str,
        is_sample: bool,
        rejected: pa.Table | None = None,
        notes: Sequence[str] = (),
        warnings: Sequence[str] = (),
        caveats: Sequence[str] = (),
        rules: Mapping[str, str] | None = None,
    ) -> TableVersion:
        """Replace a table by Parquet files that were staged and audited, in one commit and without a copy.

        The files move into the table's folder and are then named by the log: a kill between the two leaves
        files that no version refers to.

        Args:
            table: Name.
            files: Parquet files of `schema`, on the same disk as the lake; see `staging`.
            schema: The table's schema.
            counts: Where the source's records went; `counts.rows` is the number of rows in `files`.
            source: Where they came from.
            is_sample: Whether they are synthetic.
            rejected: Rows of `genrelab.lake.ingested.QUARANTINE`.
            notes: What the reader noted.
            warnings: What the suite warned of.
            caveats: What the reader did that changes what the table means.
            rules: The sha256 of each rule set that made labels, by name.

        Returns:
            The version that readers now see.
        """
        rows = [rows_of(file) for file in files]
        properties = self._begin(
            table,
            sum(rows),
            counts,
            rejected,
            source=source,
            is_sample=is_sample,
            notes=notes,
            warnings=warnings,
            caveats=caveats,
            rules=rules,
        )
        actions = [adopt(file, self.storage, table, count) for file, count in zip(files, rows, strict=True)]
        self.storage.commit(
            partial(self._commit_files, table, Schema.from_arrow(schema), actions, properties)
        )
        discard(files)
        return self.current(table)

    def _commit_files(
        self, table: str, schema: Schema, actions: Sequence[AddAction], properties: CommitProperties
    ) -> None:
        uri, options = self.storage.uri(f"lake/{table}"), self.storage.options
        delta = self._open(table, None)
        if delta is None:
            create_table_with_add_actions(
                uri,
                schema,
                actions,
                mode="error",
                partition_by=[],
                storage_options=options,
                commit_properties=properties,
                post_commithook_properties=_keep_the_log(),
            )
            return
        opened = DeltaTable(uri, storage_options=options) if options else delta
        opened.create_write_transaction(
            actions,
            "overwrite",
            schema,
            [],
            commit_properties=properties,
            post_commithook_properties=_keep_the_log(),
        )

    def rejected(self, table: str) -> pa.Table:
        """Return the rejected rows of the newest version, in the schema `genrelab.lake.ingested.QUARANTINE`.

        Raises:
            GenrelabError: The table was never published, or the file of its rejected rows cannot be read.
        """
        name = self.current(table).quarantine
        if not name:
            return QUARANTINE.empty_table()
        try:
            return pq.read_table(self.storage.fetch(f"quarantine/{name}"))
        except (OSError, pa.ArrowException) as error:
            from genrelab.lake.shared_records import place_of_records  # noqa: PLC0415 - it imports this package

            records = place_of_records(self.home)
            raise GenrelabError(
                f"the rejected rows of {table} cannot be read",
                found=f"{self.storage.uri(f'quarantine/{name}')}: {str(error).splitlines()[0]}",
                do=f"restore the file, or publish the table again: delete {records}/*.json and run nightly",
            ) from error

    def write_rejected(self, table: str, rejected: pa.Table | None) -> str:
        """Write rejected records to the quarantine folder; return the file's name in it, empty if there are none."""
        if rejected is None or len(rejected) == 0:
            return ""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        name = f"{table}/{stamp}.parquet"
        path = self.storage.path(f"quarantine/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            pq.write_table(rejected, part)
            self.storage.keep(f"quarantine/{name}", part)
        finally:
            part.unlink(missing_ok=True)
        return name

    def _begin(
        self,
        table: str,
        rows: int,
        counts: Counts,
        rejected: pa.Table | None,
        *,
        source: str,
        is_sample: bool,
        notes: Sequence[str],
        warnings: Sequence[str],
        caveats: Sequence[str],
        rules: Mapping[str, str] | None = None,
    ) -> CommitProperties:
        """Write what precedes the rows of a version; return the properties of its commit."""
        if counts.rows != rows:
            raise ValueError(f"{table}: {rows} rows to publish, counted {counts.rows}")
        self.storage.require_safe()
        self.find(table)  # a damaged table raises before anything is written
        quarantine = self.write_rejected(table, rejected)
        self.path(table).mkdir(parents=True, exist_ok=True)
        return CommitProperties(
            custom_metadata=commit_metadata(
                counts,
                source=source,
                is_sample=is_sample,
                notes=notes,
                warnings=warnings,
                caveats=caveats,
                quarantine=quarantine,
                rules=rules,
            ),
            max_commit_retries=self.storage.commit_retries,
        )


def _keep_the_log() -> PostCommitHookProperties:
    """Keep all log entries: Delta would drop those older than 30 days, and so the version that a champion needs."""
    return PostCommitHookProperties(cleanup_expired_logs=False)


def in_source_order(data: pa.Table) -> pa.Table:
    """Return the rows in numeric file order, then by record number: the order of the source."""
    return data.take(source_order(data))
