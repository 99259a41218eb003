"""Which genres resemble each other, by the most probable other genre of each track?

Nothing is imported here.
"""
