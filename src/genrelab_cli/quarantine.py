"""`genrelab quarantine`: what was rejected, and why."""

from collections import Counter

from genrelab.home import Home
from genrelab.lake import Lake


def print_list() -> None:
    """One line per table and rule: how many records the rule rejected."""
    lake = Lake(Home.find())
    found = False
    for name in lake.tables():
        rejected = lake.rejected(name)
        rules = Counter(rule for row in rejected["rules"].to_pylist() for rule in row)
        for rule, count in rules.most_common():
            found = True
            print(f"{name:<18} {count:>9,}  {rule}")
    if not found:
        print("Nothing is in quarantine.")


def print_table(table: str, limit: int) -> None:
    """The rejected records of one table, with the reason of each."""
    rejected = Lake(Home.find()).rejected(table)
    for row in rejected.slice(0, limit).to_pylist():
        print(f"{row['source']} row {row['source_row']}: {'; '.join(row['reasons'])}")
        print(f"    {row['record']}")
    if len(rejected) > limit:
        print(f"... and {len(rejected) - limit:,} more; --limit shows them")
    if not len(rejected):
        print(f"No record of {table} is in quarantine.")
