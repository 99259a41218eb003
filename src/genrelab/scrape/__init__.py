"""Scraping Spotify: artists, their tracks and the tracks' audio features."""

from genrelab.scrape.input import Artists, parse_artists, read_artists
from genrelab.scrape.main import folder_of, scrape
from genrelab.scrape.parameters import Parameters, from_environment
from genrelab.scrape.rows import read_scraped
from genrelab.scrape.summary import ScrapeSummary

__all__ = [
    "Artists",
    "Parameters",
    "ScrapeSummary",
    "folder_of",
    "from_environment",
    "parse_artists",
    "read_artists",
    "read_scraped",
    "scrape",
]
