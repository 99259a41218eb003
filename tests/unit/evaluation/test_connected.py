"""Connected components by their least node."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genrelab.evaluation.connected import least_connected

NODES = 12
EDGES = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=16)


@given(EDGES, st.integers(1, 5))
def test_components_are_those_of_scipy(edges: list[tuple[int, int]], batch: int) -> None:
    """Each is named after its least node, whatever the order and the batches of the edges."""
    pairs = np.array(edges, int).reshape(-1, 2)

    found = least_connected(
        np.arange(NODES, dtype=np.int32),
        lambda: (tuple(pairs[start : start + batch].T) for start in range(0, len(pairs), batch)),
    )

    _, labels = connected_components(
        coo_array((np.ones(len(pairs)), tuple(pairs.T)), (NODES, NODES)), directed=False
    )
    assert found.tolist() == [int(np.flatnonzero(labels == label)[0]) for label in labels]


def test_long_chain_is_one_component() -> None:
    """Its edges come from the far end, one by one."""
    nodes = np.arange(1_000)[::-1]

    found = least_connected(
        np.arange(len(nodes), dtype=np.int32),
        lambda: ((nodes[at : at + 1], nodes[at + 1 : at + 2]) for at in range(999)),
    )

    assert set(found.tolist()) == {0}
