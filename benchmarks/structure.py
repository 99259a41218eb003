"""Measures of code structure that a change should reduce, for this checkout or another one.

    python benchmarks/structure.py [FOLDER]

Prints a table: how often code asks a dict for a literal key in pages and charts, `Any`, imports inside functions,
modules directly in the library, import circles, lines of code, and for every analysis its files and the lines that are
neither computing nor charts nor words.
"""

import argparse
import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

PROJECT = Path(__file__).resolve().parents[1]
CODE = ("src/genrelab", "src/genrelab_cli", "flows", "tasks", "expectations")
DRAWS = ("src/genrelab/report", "src/genrelab/analyses/*/pages")
TYPED = (
    "src/genrelab/report",
    "src/genrelab/analyses",
    "src/genrelab/clusters",
    "src/genrelab/origins",
    "src/genrelab/explore",
    "src/genrelab/drift",
    "tasks",
)
FIXED = ("analysis.py", "result.py", "runs.py", "summary.py")
LITERAL_GET = re.compile(r"""\.get\(\s*f?["']""")
LAZY = re.compile(r"noqa:.*PLC0415")


def files_of(root: Path, patterns: Iterable[str]) -> list[Path]:
    """Python files below the folders that some patterns name."""
    return sorted(
        {file for pattern in patterns for folder in root.glob(pattern) for file in folder.rglob("*.py")}
    )


def code_lines(file: Path) -> int:
    """Lines of code, without blank ones, comments and docstrings."""
    text = file.read_text("utf-8")
    lines: set[int] = set()
    skipped = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
        tokenize.ENCODING,
    }
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def imports_of(file: Path, known: dict[str, Path], own: str) -> Iterator[str]:
    """Modules of the code that a module imports where it is loaded; imports inside functions are left out."""
    nodes = [ast.parse(file.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        nodes += ast.iter_child_nodes(node)
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        for name in names:
            if name in known and name != own:
                yield name
                break


def circles(root: Path) -> list[list[str]]:
    """Groups of modules that import one another."""
    known = {}
    for file in files_of(root, CODE):
        parts = file.relative_to(root).with_suffix("").parts
        known[".".join(parts[1:] if parts[0] == "src" else parts).removesuffix(".__init__")] = file
    names = list(known)
    edges = [
        (names.index(name), names.index(other))
        for name in names
        for other in imports_of(known[name], known, name)
    ]
    rows, columns = zip(*edges, strict=True)
    graph = csr_matrix(([1] * len(edges), (rows, columns)), (len(names), len(names)))
    _, groups = connected_components(graph, connection="strong")
    members = [
        [name for name, one in zip(names, groups, strict=True) if one == group] for group in set(groups)
    ]
    return [group for group in members if len(group) > 1]


def count(files: Iterable[Path], pattern: re.Pattern[str]) -> int:
    """How often a pattern occurs."""
    return sum(len(pattern.findall(file.read_text("utf-8"))) for file in files)


def measures(root: Path) -> list[tuple[str, object]]:
    """Every measure with its value."""
    found = circles(root)
    rows: list[tuple[str, object]] = [
        ("`.get(` with a literal key in pages and charts", count(files_of(root, DRAWS), LITERAL_GET)),
        ("`Any` in report, tasks, analyses", count(files_of(root, TYPED), re.compile(r"\bAny\b"))),
        ("imports inside functions with noqa", count(files_of(root, CODE), LAZY)),
        ("import circles", len(found)),
        ("modules directly in src/genrelab", len(list((root / "src/genrelab").glob("[!_]*.py")))),
        ("lines of code", sum(map(code_lines, files_of(root, CODE)))),
    ]
    rows += [("  circle", ", ".join(group)) for group in found]
    analyses = sorted((root / "src/genrelab/analyses").glob("*/"))
    for folder in (*analyses, root / "docs/examples/analysis"):
        files = [file for file in folder.rglob("*") if file.suffix in {".py", ".html"}]
        fixed = sum(code_lines(folder / name) for name in FIXED if (folder / name).is_file())
        if files:
            rows.append((f"analysis {folder.name}: files; fixed lines", f"{len(files)}; {fixed}"))
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT, help="another checkout")
    for name, value in measures(parser.parse_args().folder):
        print(f"{name:<55} {value:,}" if isinstance(value, int) else f"{name:<55} {value}")


if __name__ == "__main__":
    main()
