"""What the rules make of micro-genres: coverage, conflicts, gaps, and what another rule set would move."""
