"""What only a human knows of FMA's tracks."""

import great_expectations.expectations as gxe

from expectations.human import Human

HUMAN = (
    Human(
        "genre_top: present in at least a third of rows",
        "missing for half by design: tracks whose genres have no single root",
        gxe.ExpectColumnValuesToNotBeNull(column="genre_top", mostly=0.33, severity="warning"),
    ),
    Human(
        "split: all of training, validation and test",
        "the official split has three parts; a cut archive lacks the last tracks",
        gxe.ExpectColumnDistinctValuesToEqualSet(
            column="split", value_set=["training", "validation", "test"], severity="warning"
        ),
    ),
)
