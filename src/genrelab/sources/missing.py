"""The words for a missing value in files of other programs.

Conventions: spreadsheets, pandas, R and databases each write a missing value in their own way. In columns of numbers
and dates all of these words are missing values. In names and titles none of them is: an artist may be called `NA`.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

MISSING_WORDS = frozenset(
    {
        *("", "na", "n/a", "nan", "-nan", "nat", "none", "null", "(null)", "nil", "<na>", r"\n"),
        *("-", "--", ".", "?", "missing", "unknown", "undefined", "not available", "(blank)"),
        *(
            "#n/a",
            "#nv",
            "#div/0!",
            "#value!",
            "#num!",
            "#ref!",
            "#name?",
            "#null!",
            "1.#ind",
            "-1.#ind",
            "1.#qnan",
        ),
    }
)
"""Lower case, without blanks around them."""


def is_missing(texts: Any) -> Any:
    """Return which cells of a number or date column are missing.

    Args:
        texts: Array of text.

    Returns:
        Array of booleans of the same length; a null is missing.

    >>> is_missing(pa.array([" NaN", "0", None, "#N/A", "Nancy"])).to_pylist()
    [True, False, True, True, False]
    """
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(texts, "")))
    return pc.is_in(folded, value_set=pa.array(sorted(MISSING_WORDS)))
