"""Scraping Spotify: artists, their tracks and the tracks' audio features.

Nothing is imported here: the journal is read without spotipy.
"""
