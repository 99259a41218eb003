"""Scraping Spotify."""
