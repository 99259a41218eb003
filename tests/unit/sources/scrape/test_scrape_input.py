"""Files of artists and search terms."""

import csv
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.runtime.errors import SettingsError, SourceError
from genrelab.sources.sample.names import spotify_id
from genrelab.sources.scrape.input import Artists, parse_artists, read_artists
from genrelab.sources.scrape.mentions import described
from genrelab.sources.scrape.parameters import Parameters, from_environment

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
        f'"{ID}"',
        f"@{ID}",
        f"artist:{ID}",
        f"/artist/{ID}",
        f"https://www.open.spotify.com/artist/{ID}",
        f"https://api.spotify.com/v1/artists?ids={ID}",
        f"{ID},",
        f"- {ID}",
        f"* `{ID}`",
        f"1. {ID};",
        f'="{ID}"',
        f"{ID}\tArctic Monkeys",
        f"{ID} Arctic Monkeys",
        f"Arctic Monkeys ({ID})",
        f"spotify:artist:{ID}?si=1a2b3c4d5e6f7081",
        f"See spotify:artist:{ID}.",
        f"spotify%3Aartist%3A{ID}",
        f"spotify:user:somebody:artist:{ID}",
        f"<https://open.spotify.com/artist/{ID}>",
        f"[Arctic Monkeys](https://open.spotify.com/artist/{ID}?si=1a2b3c4d5e6f7081)",
        f"https://open.spotify.com/embed/artist/{ID}?utm_source=generator",
        f"https://open.spotify.com/intl-pt-BR/artist/{ID}/discography/all",
        f"https://play.spotify.com/artist/{ID}#top",
        f"HTTPS://OPEN.SPOTIFY.COM/artist/{ID}",
        f"https://api.spotify.com/v1/artists/{ID}",
        f"{{'spotify': 'https://open.spotify.com/artist/{ID}'}}",
        f'{{"uri": "spotify:artist:{ID}"}}',
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
        f"spotify:artist:{ID}x",
        f"spotify:user:{ID}",
        f"spotify:user:somebody:playlist:{ID}",
        f"https://open.spotify.com.example.org/artist/{ID}",
        "https://spotify.link/abc",
        "electroencephalographs of sleep",
    ],
)
def test_what_names_no_artist(line):
    """What is no artist is kept as it stands, to be reported."""
    assert parse_artists([line]) == Artists(malformed=(line,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"spotify:track:{ID}", "a track, not an artist"),
        (f"https://open.spotify.com/intl-de/album/{ID}", "an album, not an artist"),
        (f"spotify:user:somebody:playlist:{ID}", "a playlist, not an artist"),
    ],
)
def test_what_else_spotify_has_is_named(text, words):
    """Whoever gave tracks learns that they are tracks."""
    assert described(text) == f"{text} ({words})"
    assert described("Arctic Monkeys") == "Arctic Monkeys"


def test_what_is_no_artist_beside_artists_is_reported():
    """Tracks and damaged ids; a name beside an id is its name."""
    damaged = ID[:-1]

    assert parse_artists([f"{ID} Name, spotify:track:{ID}, {damaged}"]) == Artists(
        ids=(ID,), malformed=(f"spotify:track:{ID}", damaged)
    )


ids = st.lists(
    st.text(string.ascii_letters + string.digits, min_size=22, max_size=22), min_size=1, max_size=6
)
WRITTEN_AS = ("{}", "spotify:artist:{}", "https://open.spotify.com/artist/{}?si=1a2b3c", '"{}"', "<{}>")
SEPARATORS = (", ", ",", ";", " | ", "\t", " ", "\n", "\u2028", "', '", '","')


@given(ids, st.sampled_from(WRITTEN_AS), st.sampled_from(SEPARATORS))
def test_any_list_of_artists_comes_back_in_order(tmp_path_factory, names, written, separator):
    """Whatever separates them and whatever stands around each."""
    path = tmp_path_factory.mktemp("lists") / "artists.txt"
    text = separator.join(written.format(name) for name in names)
    path.write_text(f"['{text}']" if "'" in separator else text, encoding="utf-8")

    assert read_artists(path) == Artists(ids=tuple(dict.fromkeys(names)))


@given(
    ids,
    st.sampled_from(["artist_id", "Artist URI(s)", "artists", "artist.href"]),
    st.sampled_from(WRITTEN_AS[:3]),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.permutations(range(4)),
    st.sampled_from(["\n", "\r\n"]),
    st.text("ab \"',;|\t\n\u2028é#", max_size=12),
)
def test_any_table_of_artists_comes_back_in_order(
    tmp_path_factory, names, column, written, delimiter, encoding, order, end, title
):
    """In any order of the columns, with any delimiter, end of line and encoding, and titles with line breaks."""
    path = tmp_path_factory.mktemp("tables") / "artists.csv"
    rows = [("id", "name", column, "streams")] + [
        (name[::-1], f"x{title}", written.format(name), "1") for name in names
    ]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(
            [[row[place] for place in order] for row in rows]
        )

    assert read_artists(path) == Artists(ids=tuple(dict.fromkeys(names)))


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


OTHER = "3YQKmKGau1PzlVlkL1iodx"
TRACK = "1vPk6ZTflnvm8LgtXzPDrT"


def read_table(folder, *lines, name="artists.csv", column=None, encoding="utf-8"):
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return read_artists(path, column)


@pytest.mark.parametrize(
    "lines",
    [
        ("id,name,artists,artist_ids", f"{TRACK},S,\"['A', 'B']\",\"['{ID}', '{OTHER}']\""),
        (
            "Track URI,Artist URI(s),Artist Name(s)",
            f'spotify:track:{TRACK},"spotify:artist:{ID}, spotify:artist:{OTHER}","A, B"',
        ),
        ("Artist IDs;Track Name", f"{ID},{OTHER};S"),
        (
            "artist_uri,artist_url",
            f"spotify:artist:{ID},https://open.spotify.com/artist/{ID}",
            f"spotify:artist:{OTHER},https://open.spotify.com/artist/{OTHER}",
        ),
        (
            "id,name,genres,followers,popularity,uri",
            f"{ID},A,[],1,2,spotify:artist:{ID}",
            f"{OTHER},B,[],1,2,spotify:artist:{OTHER}",
        ),
        (
            "Artist URI(s),Album Artist URI(s)",
            f"spotify:artist:{ID};spotify:artist:{OTHER},spotify:artist:{TRACK}",
        ),
        ("who,link", f"A,https://open.spotify.com/artist/{ID}", f"B,https://open.spotify.com/artist/{OTHER}"),
        ("name,id", f"A,{ID}", "B,nan", "C,", f"D,{OTHER}"),
        (f"{ID},A", f"{OTHER},B"),
        (ID, OTHER),
        ("sep=;", "name;artist_id", f"A;{ID}", f"B;{OTHER}"),
        ("", "artist_id,name", f"{ID},Al\u2028pha", f'{OTHER},"B\n\x85"', ""),
        ("artist_id,name,", f"{ID},A,", f"{OTHER},B,,"),
    ],
)
def test_the_column_of_artists_is_found_by_what_it_holds(tmp_path, lines):
    """Lists in cells, addresses under any name, ids where no tracks are, with and without a header."""
    assert read_table(tmp_path, *lines) == Artists(ids=(ID, OTHER))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("id,name,artists", f"{TRACK},S,A"), "has columns of tracks.*scrape.column"),
        (("id,danceability,energy", f"{TRACK},1,1"), "has columns of tracks"),
        (("id,uri", f"{TRACK},spotify:track:{TRACK}"), "has columns of tracks"),
        (
            ("artist_id,guest_artist_id", f"{ID},{OTHER}"),
            "several artist columns; found: artist_id, guest_artist_id",
        ),
        (("artist,born", "A,1"), "no column of artists; found: artist, born"),
        (("artist_id",), "no column of artists"),
    ],
)
def test_a_table_that_does_not_say_who_its_artists_are_is_refused(tmp_path, lines, words):
    """Rather than asking Spotify for thousands of tracks as if they were artists."""
    with pytest.raises(SourceError, match=words):
        read_table(tmp_path, *lines)


def test_a_table_in_a_text_file_is_a_table(tmp_path):
    """Its ids of tracks are none of artists."""
    lines = ("track_id,artist_id", f"{TRACK},{ID}")

    assert read_table(tmp_path, *lines, name="artists.txt") == Artists(ids=(ID,))


def test_a_damaged_record_is_reported_and_costs_no_other(tmp_path):
    """A quote that never closes, and a name with a comma that has none."""
    found = read_table(
        tmp_path, "name,artist_id", f'"A,{TRACK}', f"B,{ID}", f"Tyler, The Creator,{TRACK}", f"C,{OTHER}"
    )

    assert found.ids[-2:] == (ID, OTHER)
    assert found.malformed == (f"record 3, with 3 fields instead of 2: Tyler, The Creator,{TRACK}",)


def test_names_in_another_encoding_stand_in_no_artists_way(tmp_path):
    """Ids are plain ASCII; a search term that cannot be read is refused."""
    assert read_table(tmp_path, "name,artist_id", f"Beyoncé,{ID}", encoding="latin-1") == Artists(ids=(ID,))
    with pytest.raises(SourceError, match="search term in an unknown encoding"):
        read_table(tmp_path, "search: beyoncé", name="artists.txt", encoding="latin-1")


@pytest.mark.parametrize(
    ("start", "words"), [(b"PK\x03\x04\0", "Excel"), (b"\x1f\x8b\x08", "gzip"), (b"a\0b", "not text")]
)
def test_a_file_of_another_kind_is_named(tmp_path, start, words):
    """An Excel file, an archive, and bytes."""
    path = tmp_path / "artists.csv"
    path.write_bytes(start)

    with pytest.raises(SourceError, match=words):
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

    with pytest.raises(SettingsError, match="GENRELAB_RECCOBEATS_API is not an address"):
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


@pytest.mark.parametrize("comma", [",", "%2C"])
def test_an_address_of_several_artists_names_all_of_them(comma):
    """Also the first, behind the equals sign."""
    ids = [spotify_id("artist", number) for number in range(3)]
    address = f"https://api.spotify.com/v1/artists?market=DE&ids={comma.join(ids)}&x=1"

    assert parse_artists([address]).ids == tuple(ids)


ITEM = {
    "external_urls": {"spotify": f"https://open.spotify.com/artist/{ID}"},
    "genres": ["pop"],
    "href": f"https://api.spotify.com/v1/artists/{ID}",
    "id": ID,
    "images": [{"url": "https://i.scdn.co/image/ab6761610000e5eb"}],
    "name": "Arctic Monkeys",
    "type": "artist",
    "uri": f"spotify:artist:{ID}",
}
SONG = {"id": "4uLU6hMCjMI75M1A2tKUQC", "name": "R U Mine?", "artists": [ITEM], "type": "track"}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "value",
    [
        [ID],
        [{"id": ID, "name": "Arctic Monkeys"}],
        {"artists": {"items": [ITEM], "total": 1}},
        {"artists": [ID]},
        [{"artist_id": ID}],
        {"items": [{"track": SONG, "added_at": "2024-01-01"}]},
        [{**SONG, "type": None, "uri": "spotify:track:4uLU6hMCjMI75M1A2tKUQC"}],
    ],
)
def test_json_names_artists(tmp_path, value, indent):
    """Lists of ids and answers of the API, on one line or many; the id of a track is no artist's."""
    path = tmp_path / "artists.json"
    path.write_text(json.dumps(value, indent=indent), encoding="utf-8")

    assert read_artists(path) == Artists((ID,))


def test_what_is_no_artist_in_a_list_of_json_is_reported(tmp_path):
    """As on the lines of a list."""
    path = tmp_path / "artists.json"
    path.write_text(json.dumps({"artists": [ID, "Arctic Monkeys"]}), encoding="utf-8")

    assert read_artists(path).malformed == ("Arctic Monkeys",)


@pytest.mark.parametrize(
    "text",
    [
        f"artist_id\n{ID}\n",
        f"| name | artist_id |\n|---|:---|\n| Arctic Monkeys | {ID} |\n",
    ],
)
def test_headers_and_ruled_lines_are_no_artists(tmp_path, text):
    """Of one column, and of a table in Markdown."""
    path = tmp_path / "artists.txt"
    path.write_text(text, encoding="utf-8")

    assert read_artists(path) == Artists((ID,))
