"""Does the place of the artist help to name the genre?

Nothing is imported here. The page that shows it is that of the analysis of popularity.
"""
