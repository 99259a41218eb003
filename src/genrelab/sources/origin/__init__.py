"""The geographical-origin data of the UCI repository."""
