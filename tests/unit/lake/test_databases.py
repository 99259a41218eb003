"""Databases of others: soundness, backups while somebody writes, putting damaged ones aside."""

import sqlite3
from pathlib import Path

import pytest

from genrelab.lake.databases import back_up, is_sound, set_aside


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of some pages."""
    path = tmp_path / "mlflow.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE runs (id INTEGER PRIMARY KEY, name TEXT)")
        opened.executemany("INSERT INTO runs (name) VALUES (?)", [("x" * 500,) for _ in range(500)])
    opened.close()
    return path


def rows(path: Path) -> int:
    opened = sqlite3.connect(path)
    try:
        return opened.execute("SELECT COUNT(*) FROM runs").fetchone()[0]
    finally:
        opened.close()


def test_a_missing_or_whole_database_is_sound(database: Path, tmp_path: Path) -> None:
    """What is not there yet is nobody's damage."""

    assert is_sound(database)
    assert is_sound(tmp_path / "none.db")


@pytest.mark.parametrize("damage", ["head", "middle", "cut", "text"])
def test_damage_is_seen(database: Path, damage: str) -> None:
    """Wherever it is: the first page, a page in the middle, a missing end, another file altogether."""

    content = bytearray(database.read_bytes())
    match damage:
        case "head":
            content[:100] = b"\0" * 100
        case "middle":
            content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
        case "cut":
            content = content[: len(content) // 2]
        case "text":
            content = bytearray(b"not a database at all" * 100)
    database.write_bytes(content)
    assert not is_sound(database)


def test_a_locked_database_is_not_taken_for_damaged(database: Path) -> None:
    """Somebody else writes: that is no reason to put their file aside."""

    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO runs (name) VALUES ('y')")
    assert is_sound(database)
    writer.execute("ROLLBACK")
    writer.close()


def test_a_backup_made_beside_a_writer_holds_what_was_committed(database: Path, tmp_path: Path) -> None:
    """Half a transaction is not copied."""

    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO runs (name) VALUES ('y')")
    back_up(database, tmp_path / "backups" / "copy.db")
    writer.execute("COMMIT")
    writer.close()
    assert is_sound(tmp_path / "backups" / "copy.db")
    assert (rows(tmp_path / "backups" / "copy.db"), rows(database)) == (500, 501)


def test_a_damaged_database_makes_no_backup(database: Path, tmp_path: Path) -> None:
    """A failed copy leaves nothing, and an earlier copy of that name as it was."""

    copy = tmp_path / "copy.db"
    copy.write_text("the good one")
    database.write_bytes(b"not a database at all" * 100)
    with pytest.raises(sqlite3.Error):
        back_up(database, copy)
    assert copy.read_text() == "the good one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "mlflow.db"]


def test_a_damaged_database_is_kept_with_what_lies_beside_it(database: Path) -> None:
    """Two on one second get two names."""

    for name in ("mlflow.db-wal", "mlflow.db-journal"):
        database.with_name(name).write_text("x")
    first = set_aside(database)
    assert not database.exists()
    assert first.with_name(f"{first.name}-wal").read_text() == "x"
    assert not database.with_name("mlflow.db-journal").exists()
    database.write_text("again")
    second = set_aside(database)
    assert second != first
    assert second.read_text() == "again"
