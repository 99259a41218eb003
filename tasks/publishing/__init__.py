"""Turn raw data into validated tables of the lake."""
