"""Features of audio files, by recipes that are declared with a name and a version.

`recipes` declares them, `extract` computes them for many files. How a champion uses them does not belong here.
"""
