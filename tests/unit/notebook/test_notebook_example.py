"""docs/examples/notebook.ipynb, run from its first cell to its last."""

from pathlib import Path

import pytest
from notebook_cells import run_cells, saved_outputs

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "examples" / "notebook.ipynb"


@pytest.mark.filterwarnings("ignore::genrelab.SampleDataWarning")
@pytest.mark.usefixtures("small")
def test_its_cells_show_what_the_notebook_has_saved():
    """The outputs in the repository are those of the code beside them."""

    shown = run_cells(NOTEBOOK)

    assert shown == saved_outputs(NOTEBOOK)
    assert sum(map(bool, shown)) > 5
