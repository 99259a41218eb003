"""Places of the archive's artists: country, continent, state, and whether genres go with them."""
