"""Runs the cells of a notebook in their order, and compares or saves what they show.

A notebook has two kinds of output here: what a cell printed, and the value of its last line, as text and, where it has
any, as HTML.
`python tests/helpers/notebook_cells.py docs/examples/notebook.ipynb` saves the outputs anew.
"""

import ast
import io
import json
import os
import sys
import tempfile
import warnings
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

Output = dict[str, Any]


def saved_outputs(notebook: Path) -> list[list[Output]]:
    """The outputs that a notebook holds, by code cell."""
    return [cell["outputs"] for cell in _code_cells(json.loads(notebook.read_text(encoding="utf-8")))]


def run_cells(notebook: Path) -> list[list[Output]]:
    """Run every code cell in one new namespace; return its outputs as a notebook keeps them."""
    names: dict[str, Any] = {}
    cells = _code_cells(json.loads(notebook.read_text(encoding="utf-8")))
    return [_outputs("".join(cell["source"]), names, number) for number, cell in enumerate(cells, 1)]


def _code_cells(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in content["cells"] if cell["cell_type"] == "code"]


def _outputs(source: str, names: dict[str, Any], number: int) -> list[Output]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), names)  # noqa: S102 - the project's own notebook
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)  # noqa: S307 - as above
    outputs: list[Output] = []
    if text := printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(text)})
    if value is not None:
        data = {"text/plain": _lines(repr(value))}
        if hasattr(value, "_repr_html_"):
            data = {"text/html": _lines(value._repr_html_()), **data}
        outputs.append(
            {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}
        )
    return outputs


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def save_outputs(notebook: Path) -> None:
    """Run a notebook against the small tables, and save what its cells show."""
    from small_tables import small_fma, small_lake  # noqa: PLC0415 - a test has its own fixture

    content = json.loads(notebook.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, chdir(folder), warnings.catch_warnings(action="ignore"):
        os.environ["GENRELAB_HOME"] = str(Path(folder, "home"))
        small_lake(Path(folder, "home"))
        small_fma(Path(folder, "fma_metadata"))
        outputs = run_cells(notebook)
    for number, (cell, shown) in enumerate(zip(_code_cells(content), outputs, strict=True), 1):
        cell["outputs"], cell["execution_count"] = shown, number
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    save_outputs(Path(sys.argv[1]).resolve())
