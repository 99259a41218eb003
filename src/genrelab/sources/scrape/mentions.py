"""Artists named in text, in any of the ways in which people copy and export them.

Conventions: a `Mention` is an id, a URI or an address of Spotify. URIs and addresses say what they name; a bare id is
taken for an artist's, since nothing in it tells. A text that names artists may hold anything beside them: quotes,
brackets, names. A text that names none is reported as it stands; so are tracks, albums and damaged ids beside artists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

ARTIST = "artist"
ID = re.compile(r"[0-9A-Za-z]{22}")
COLON = "(?::|%3A)"
MENTION = re.compile(
    rf"(?<![0-9A-Za-z.-])(?:"
    rf"spotify{COLON}(?:user{COLON}[^\s:%]+{COLON})?(?P<uri_kind>[a-z]+){COLON}(?P<uri_id>[0-9A-Za-z]+)"
    rf"|(?:www\.)?(?:open|play)\.spotify\.com/(?:intl-[\w-]+/)?(?:embed/)?(?:user/[^\s/]+/)?(?P<kind>[a-z]+)/(?P<id>[0-9A-Za-z]+)"
    rf"|api\.spotify\.com/v1/(?P<api_kind>[a-z]+)s/(?P<api_id>[0-9A-Za-z]+)"
    rf"|(?<![\w/:.])/?(?P<short_kind>artist)[:/](?P<short_id>[0-9A-Za-z]+)"
    rf"|(?<![/:=%@&?#+])(?P<bare>{ID.pattern})(?![\w/:=%@&+-]|\.\w)"
    rf"|^@(?P<at>{ID.pattern})$"
    rf")",
    re.IGNORECASE,
)
DAMAGED_ID = re.compile(r"(?<![\w/:=.%?&-])(?=[a-zA-Z]*\d)[0-9A-Za-z]{16,40}(?![\w/.-])")
"""What was probably meant for an id."""
SEARCH = re.compile(r"search:\s*(\S.*)", re.IGNORECASE)
BETWEEN = re.compile(r"[,;|\t\r\n\"'<>()\[\]{}]+")
"""What stands between the pieces of a list, however it is written."""


IDS_OF_ADDRESS = re.compile(
    r"(?:https?://)?api\.spotify\.com/v1/(?P<kind>[a-z]+)s\?(?:[^\s#]*&)?ids=(?P<ids>(?:[0-9A-Za-z,]|%2C)+)"
    r"[^\s\"'<>)\]]*",
    re.IGNORECASE,
)
"""An address that asks the API for several."""


class Mention(NamedTuple):
    """Something of Spotify's that a text names.

    Args:
        kind: `artist`, `track`, `album` or whatever the URI or address says.
        id: Its id, of 22 letters and digits where nothing is damaged.
        text: As it stands in the text.
        is_bare: Whether it is an id alone, which does not say its kind.
    """

    kind: str
    id: str
    text: str
    is_bare: bool


@dataclass(frozen=True)
class Artists:
    """What to scrape.

    Args:
        ids: Spotify ids, each once, in the order of the file.
        terms: Search terms, each once.
        malformed: Texts that are neither.
    """

    ids: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ids or self.terms or self.malformed)


def mentions(text: str) -> list[Mention]:
    """Everything of Spotify's that a text names, in order.

    >>> [found.kind for found in mentions("[A](https://open.spotify.com/artist/7Ln80lUS6He07XvHI8qqHH?si=1)")]
    ['artist']
    """
    found = []
    text = IDS_OF_ADDRESS.sub(_ids_alone, text)
    for piece in map(str.strip, BETWEEN.split(text)):
        is_list = re.search(r"\w", MENTION.sub("", piece)) is None
        for match in MENTION.finditer(piece):
            kind = match["uri_kind"] or match["kind"] or match["api_kind"] or match["short_kind"]
            if kind:
                name = match["uri_id"] or match["id"] or match["api_id"] or match["short_id"]
                found.append(Mention(kind.lower(), name, match[0], is_bare=False))
                continue
            bare = match["bare"] or match["at"]
            if is_list or _looks_drawn(bare):
                found.append(Mention(ARTIST, bare, match[0], is_bare=True))
    return found


def _ids_alone(address: re.Match[str]) -> str:
    """What an address with several ids names, each as a URI."""
    ids = re.split(",|%2C", address["ids"], flags=re.IGNORECASE)
    return ", ".join(f"spotify:{address['kind'].lower()}:{one}" for one in ids if one)


def parse_artists(texts: Iterable[str]) -> Artists:
    """Artists and search terms of lines or cells; empty ones and comments are left out.

    >>> parse_artists(["spotify:artist:7Ln80lUS6He07XvHI8qqHH", "search: genre:opm", "Arctic Monkeys"])
    Artists(ids=('7Ln80lUS6He07XvHI8qqHH',), terms=('genre:opm',), malformed=('Arctic Monkeys',))
    """
    ids: dict[str, None] = {}
    terms: dict[str, None] = {}
    malformed: dict[str, None] = {}
    for line in texts:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        text = re.sub(r"\s+#.*", "", text, flags=re.DOTALL)
        if found := SEARCH.fullmatch(text):
            terms[found[1]] = None
            continue
        named = mentions(text)
        artists = [one for one in named if _is_artist(one)]
        ids.update(dict.fromkeys(artist.id for artist in artists))
        if not artists:
            malformed[text] = None
            continue
        malformed.update(dict.fromkeys(one.text for one in named if not _is_artist(one)))
        malformed.update(dict.fromkeys(DAMAGED_ID.findall(MENTION.sub(" ", text))))
    return Artists(tuple(ids), tuple(terms), tuple(malformed))


def described(text: str) -> str:
    """A malformed text with what it names, where that can be told.

    >>> described("spotify:track:4uLU6hMCjMI75M1A2tKUQC")
    'spotify:track:4uLU6hMCjMI75M1A2tKUQC (a track, not an artist)'
    """
    kinds = sorted({found.kind for found in mentions(text) if found.kind != ARTIST})
    if not kinds:
        return text
    article = "an" if kinds[0][0] in "aeiou" else "a"
    return f"{text} ({article} {kinds[0]}, not an artist)"


def _is_artist(mention: Mention) -> bool:
    return mention.kind == ARTIST and ID.fullmatch(mention.id) is not None


def _looks_drawn(text: str) -> bool:
    """Whether letters look drawn by chance, as those of an id within a sentence do; long words do not."""
    return any(sign.isdigit() for sign in text) or re.search(r"[a-z][A-Z]", text) is not None
