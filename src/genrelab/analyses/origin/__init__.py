"""Musical features against the map: does the sound of a track tell where it comes from?

`study.study_origin(tracks, ...)` groups the tracks by k-means and looks where the groups are, then asks models
for the side of 20 degrees north, for the country, and for the place; `tracks.prepare` checks the rows first.
`genrelab.sources.origin.reader` reads the file.

Nothing is imported here: a map or a distance needs no model.
"""
