"""The servers that the program starts, on loopback, none of which outlives it."""
