"""Countries and US states: their polygons, codes, continents and populations, without a network.

`countries.json` and `states.json` are made by `tools/atlas.py`; `PROVENANCE.md` says from what.
"""
