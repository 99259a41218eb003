"""What tests ask of a page of the report: the words that it shows."""

import re


def text_of(html: str) -> str:
    """The words that a reader sees, one blank between them."""
    return " ".join(re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL).split())


def says_none(html: str) -> bool:
    """Whether a reader meets the word None."""
    return bool(re.search(r"\bNone\b", text_of(html)))
