"""The path from a nearest-neighbour look-up of all genres to networks, as a student project went it, and judged fairly."""
