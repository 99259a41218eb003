"""Class balance: how many tracks each genre has, in every source."""
