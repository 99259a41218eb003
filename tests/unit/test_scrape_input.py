"""Files of artists and search terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.errors import SettingsError, SourceError
from genrelab.sample.names import spotify_id
from genrelab.scrape import Artists, Parameters, from_environment, parse_artists, read_artists

ID = "7Ln80lUS6He07XvHI8qqHH"
SECRET = "sesame"  # noqa: S105 - opens nothing


@pytest.mark.parametrize(
    "line",
    [
        ID,
        f"  {ID}  ",
        f"spotify:artist:{ID}",
        f"https://open.spotify.com/artist/{ID}",
        f"https://open.spotify.com/artist/{ID}?si=abc123",
        f"http://open.spotify.com/intl-de/artist/{ID}",
        f"open.spotify.com/artist/{ID}",
        f"{ID}  # Arctic Monkeys",
    ],
)
def test_ways_to_name_an_artist(line):
    """An id, a URI and an address name the same artist."""
    assert parse_artists([line]) == Artists(ids=(ID,))


@pytest.mark.parametrize(
    "line",
    [
        "Arctic Monkeys",
        ID[:-1],
        ID + "x",
        f"spotify:track:{ID}",
        f"https://open.spotify.com/track/{ID}",
        f"https://example.org/artist/{ID}",
        ID.replace("H", "-"),
    ],
)
def test_what_names_no_artist(line):
    """What is no artist is kept as it stands, to be reported."""
    assert parse_artists([line]) == Artists(malformed=(line,))


def test_search_terms():
    """A line that begins with `search:` is a search term."""
    assert parse_artists(['search: genre:"deep house"', "SEARCH:opm"]).terms == ('genre:"deep house"', "opm")


@given(st.lists(st.integers(0, 50)))
def test_each_artist_once(numbers):
    """An artist counts once, where it is first named, however often the file names it."""
    names = [spotify_id(number) for number in numbers]

    assert parse_artists(names).ids == tuple(dict.fromkeys(names))


@given(st.lists(st.text(max_size=40)))
def test_no_line_is_lost(lines):
    """Whatever a file holds, every line but empty ones and comments is an artist, a term or reported."""
    found = parse_artists(lines)
    wanted = {line.strip() for line in lines if line.strip() and not line.strip().startswith("#")}

    assert bool(found) == bool(wanted)
    assert len(found.ids) + len(found.terms) + len(found.malformed) <= len(wanted)


def test_plain_file(tmp_path):
    """A plain file has one artist per line; empty lines and comments do not count."""
    path = tmp_path / "artists.txt"
    path.write_text(f"# mine\n\n{ID}\r\nnobody\n", encoding="utf-8")

    assert read_artists(path) == Artists(ids=(ID,), malformed=("nobody",))


def test_csv_column(tmp_path):
    """A CSV file gives the named column, or the first that usually holds artists."""
    path = tmp_path / "artists.csv"
    path.write_text(f'name,artist_uri,other\n"A, B",spotify:artist:{ID},x\n', encoding="utf-8")

    assert read_artists(path).ids == (ID,)
    assert read_artists(path, "other").malformed == ("x",)


def test_csv_without_the_column(tmp_path):
    """A missing column is named, with those that are there."""
    path = tmp_path / "artists.csv"
    path.write_text("name,born\nx,1\n", encoding="utf-8")

    with pytest.raises(SourceError, match="no column whose; found: name, born"):
        read_artists(path, "whose")
    with pytest.raises(SourceError, match="no column of artists"):
        read_artists(path)


@pytest.mark.parametrize(("text", "words"), [(b"", "names no artist"), (b"\xff\xfe\x00", "cannot be read")])
def test_useless_file(tmp_path, text, words):
    """An empty file and one that is no text are refused in words."""
    path = tmp_path / "artists.txt"
    path.write_bytes(text)

    with pytest.raises(SourceError, match=words):
        read_artists(path)


def test_missing_file(tmp_path):
    """A missing file is named."""
    with pytest.raises(SourceError, match=r"gone\.txt cannot be read"):
        read_artists(tmp_path / "gone.txt")


def test_no_credentials(monkeypatch):
    """Without credentials the error says which variables to set, before any request is made."""
    monkeypatch.delenv("SPOTIPY_CLIENT_ID", raising=False)
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", "abc")

    with pytest.raises(SettingsError, match=r"SPOTIPY_CLIENT_ID is empty.*--spotify sample"):
        from_environment(Artists(ids=(ID,)))


def test_addresses_from_the_environment(monkeypatch):
    """Addresses of the services come from the environment; a forgotten final slash is added."""
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", "a")
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", "b")
    monkeypatch.setenv("GENRELAB_SPOTIFY_API", "http://127.0.0.1:1/v1")
    found = from_environment(Artists(ids=(ID,)), tracks_per_artist=3)

    assert (found.spotify_api, found.tracks_per_artist) == ("http://127.0.0.1:1/v1/", 3)


def test_address_that_is_none(monkeypatch):
    """An address without http is refused."""
    monkeypatch.setenv("GENRELAB_RECCOBEATS_API", "localhost/v1/")

    with pytest.raises(SettingsError, match="GENRELAB_RECCOBEATS_API is no address"):
        from_environment(Artists(ids=(ID,)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tracks_per_artist": 0}, "1 to 10"),
        ({"tracks_per_artist": 11}, "1 to 10"),
        ({"origins": ("x",)}, "x"),
    ],
)
def test_parameters_that_are_not_possible(given, words):
    """Numbers and sources that are not possible are refused with what is."""
    with pytest.raises(SettingsError, match=words):
        Parameters(artists=Artists(), client_id="a", client_secret=SECRET, **given)


def test_secret_is_not_shown():
    """The secret is not in the text of the parameters."""
    assert SECRET not in repr(Parameters(artists=Artists(), client_id="a", client_secret=SECRET))
