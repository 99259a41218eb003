"""Raw data into audited tables of the lake."""
