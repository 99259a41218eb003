"""Finds the line numbers of a rule file's keys, which the standard library's TOML reader does not report."""

import re
from collections.abc import Mapping

RULE = re.compile(r"\s*\[\[\s*(['\"]?)rule\1\s*\]\]")
KEY = re.compile(r"\s*(['\"]?)([\w-]+)\1\s*=")
STRING_FENCE = re.compile(r"\"\"\"|'''")


class Lines:
    """Where the keys of a rule file stand.

    Args:
        text: The TOML text; it has been parsed without a fault.
    """

    def __init__(self, text: str) -> None:
        self._keys: dict[str, int] = {}
        self._rules: list[dict[str, int]] = []
        fence = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if not fence and RULE.match(line):
                self._rules.append({"": number})
            elif not fence and (found := KEY.match(line)):
                keys = self._rules[-1] if self._rules else self._keys
                keys.setdefault(found[2], number)
            for quote in STRING_FENCE.findall(line):
                fence = "" if quote == fence else fence or quote

    def of_key(self, key: str) -> str:
        """`line 3`, or `the file` when the key does not stand in it."""
        return f"line {self._keys[key]}" if key in self._keys else "the file"

    def of_rule(self, number: int) -> Mapping[str, int]:
        """Lines of the keys of a rule, by its number from 0; a key not found stands on the rule's line."""
        if number >= len(self._rules):
            return _Default({"": self._keys.get("rule", 1)})
        return _Default(self._rules[number])


class _Default(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return self[""]
