"""Scraping Spotify: artists, their tracks and the tracks' audio features.

Nothing is imported here: a scrape that is skipped needs no client.
"""
