"""Loads rule sets from TOML files, and reports errors line by line.

Conventions: a file has `name`, `decision`, `spelling`, `comment` and one `[[rule]]` for each bin, in order. A rule has
`bin`, `pattern` (one text, or a list of which any may hit), `unless` (the same, of what it leaves alone
although its pattern hits), `comment`, `proofs`, and a `name` where the bin is not name enough. All faults of
a file are reported together.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.rules.engine import claims
from genrelab.rules.lines import Lines
from genrelab.rules.model import ANY, DECISIONS, EXACT, FIRST, SPELLINGS, Rule, RuleSet, strip_accents_of
from genrelab.rules.spelling import fold_pattern
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.files import read_text, sha256
from genrelab.tables.spotify import BINS

SET_KEYS = ("name", "decision", "spelling", "comment", "rule")
RULE_KEYS = ("name", "bin", "pattern", "unless", "comment", "proofs")
NEEDED_KEYS = ("bin", "pattern", "proofs")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
QUOTED = re.compile(r"#.*|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"")
"""Comments and texts of a rule file, whose brackets open no list."""
PLAIN = re.compile(r"[\w &'-]+")
"""A pattern alternative without any sign of RE2: it hits wherever its text occurs."""


class RuleError(SettingsError):
    """A rule file cannot be used; the message names each error with its line."""


def shipped() -> tuple[str, ...]:
    """Return the names of the rule sets that ship with the project."""
    names = (entry.name for entry in files("genrelab.rules").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_rule_set(name_or_path: str | Path) -> RuleSet:
    """Load a shipped rule set by its name, or any other by its path.

    Args:
        name_or_path: `classic`, `reviewed`, or the path of a TOML file.

    Raises:
        RuleError: There is no such rule set, or its file has errors.
    """
    if str(name_or_path) in shipped():
        resource = files("genrelab.rules").joinpath(f"{name_or_path}.toml")
        return parse_rule_set(resource.read_text(encoding="utf-8"), origin=f"{name_or_path}.toml")
    path = Path(name_or_path)
    if not path.is_file():
        raise RuleError(
            f"there is no rule set {name_or_path}",
            found="a folder" if path.is_dir() else "neither a shipped rule set nor a file",
            allowed=f"{', '.join(shipped())}, or the path of a TOML file",
            do="check the name or the path",
        )
    try:
        text = read_text(path)
    except UnicodeDecodeError as error:
        raise RuleError(
            f"{path} is not text in UTF-8", found=f"byte {error.start}", do="save it as UTF-8"
        ) from error
    rules = parse_rule_set(text, origin=str(path))
    if rules.name in shipped():
        raise RuleError(
            f"{path} is named {rules.name}, which is the name of a shipped rule set",
            allowed="another name",
            do=f"change the line `name = ...`, for instance to my_{rules.name}",
        )
    return rules


def parse_rule_set(text: str, *, origin: str) -> RuleSet:
    """Parse the text of a rule file.

    Args:
        text: TOML.
        origin: Name of the file, for messages.

    Raises:
        RuleError: It has errors; the message names all with their lines.
    """
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{origin} is not TOML", found=str(error), do=_advice(str(error), text)) from error
    lines = Lines(text)
    faults = [
        f"{lines.of_key(key)}: unknown key {key} (allowed: {', '.join(SET_KEYS)})"
        for key in parsed
        if key not in SET_KEYS
    ]
    name, decision = parsed.get("name"), parsed.get("decision", FIRST)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        faults.append(
            f"{lines.of_key('name')}: the set needs a name of small letters, digits and _, found {name!r}"
        )
    if decision not in DECISIONS:
        faults.append(
            f"{lines.of_key('decision')}: unknown decision {decision!r} (allowed: {', '.join(DECISIONS)})"
        )
    spelling = parsed.get("spelling", ANY)
    if spelling not in SPELLINGS:
        faults.append(
            f"{lines.of_key('spelling')}: unknown spelling {spelling!r} (allowed: {', '.join(SPELLINGS)})"
        )
    tables = parsed.get("rule")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        faults.append(f"{lines.of_key('rule')}: no rules (write each under a line [[rule]])")
        tables = []
    ready = _exact if spelling == EXACT else _in_any_spelling
    rules = [_rule(table, lines.of_rule(number), ready, faults) for number, table in enumerate(tables)]
    sound = [rule for rule in rules if rule is not None]
    faults += _doubled(sound)
    if not faults:
        faults += _unproved(RuleSet(str(name), decision, "", tuple(sound), spelling=spelling))
    if faults:
        raise RuleError(
            f"the rule set {origin} has {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            found="; ".join(faults),
            do="correct these lines; docs/rules.md explains the format",
        )
    content = sha256(name, decision, spelling, [replace(rule, line=0).__dict__ for rule in sound])
    comment = str(parsed.get("comment", "")).strip()
    return RuleSet(str(name), decision, comment, tuple(sound), content, spelling)


def _advice(fault: str, text: str) -> str:
    """Return what helps against a fault that the TOML reader names; an open list is a fault of some later line."""
    said = fault.lower()
    outside = QUOTED.sub("", text)
    if outside.count("[") != outside.count("]") or "array" in said:
        return "close every list with ] and separate its texts by commas"
    if "escape" in said or "string" in said:
        return "write patterns in single quotes: '...', and close each quote"
    return "correct this line; a key and its value stand on one line: key = '...'"


def _rule(
    table: Mapping[str, Any], line: Mapping[str, int], ready: Callable[[str], str], faults: list[str]
) -> Rule | None:
    """Return a rule with its patterns ready for matching; None if it has an error."""
    before = len(faults)
    title = f"rule {table.get('name', table.get('bin', 'without a bin'))!r}"
    faults += [
        f"line {line[key]}: {title} has the unknown key {key} (allowed: {', '.join(RULE_KEYS)})"
        for key in table
        if key not in RULE_KEYS
    ]
    faults += [f"line {line['']}: {title} lacks {key}" for key in NEEDED_KEYS if key not in table]
    for key in ("name", "bin", "comment"):
        if key in table and not (isinstance(table[key], str) and table[key].strip()):
            faults.append(f"line {line[key]}: {title}: {key} must be a text, found {table[key]!r}")
    if isinstance(table.get("bin"), str) and table["bin"] not in BINS:
        faults.append(
            f"line {line['bin']}: {title} has an unknown bin {table['bin']!r} (allowed: {', '.join(BINS)})"
        )
    patterns = _texts(table, "pattern", title, line, faults)
    exceptions = _texts(table, "unless", title, line, faults)
    proofs = _texts(table, "proofs", title, line, faults)
    for key, texts in (("pattern", patterns), ("unless", exceptions)):
        for text in texts:
            problem = _problem(ready(text))
            if problem:
                faults.append(f"line {line[key]}: {title}: the pattern {text!r} {problem}")
    if len(faults) > before:
        return None
    return Rule(
        name=table.get("name", table["bin"]).strip(),
        bin=table["bin"],
        pattern=ready(_any_of(patterns)),
        comment=str(table.get("comment", "")).strip(),
        proofs=tuple(proofs),
        unless=ready(_any_of(exceptions)),
        line=line[""],
    )


def _texts(
    table: Mapping[str, Any], key: str, title: str, line: Mapping[str, int], faults: list[str]
) -> list[str]:
    """Return the texts of a key, which holds one text or a list."""
    value = table.get(key, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        faults.append(
            f"line {line[key]}: {title}: {key} must be a text or a list of texts, none of them empty"
        )
        return []
    if key in table and not texts:
        faults.append(f"line {line[key]}: {title}: {key} is empty, so the rule can never be shown to fire")
    return texts


def _any_of(patterns: Sequence[str]) -> str:
    """Return one pattern that hits where any of these does; an empty one if there are none."""
    return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{pattern})" for pattern in patterns)


def _exact(pattern: str) -> str:
    return strip_accents_of(pattern)


def _in_any_spelling(pattern: str) -> str:
    return fold_pattern(strip_accents_of(pattern))


def _problem(pattern: str) -> str:
    """Return why a pattern cannot be used; empty if it can."""
    try:
        hits_nothing = pc.match_substring_regex(pa.array([""]), pattern, ignore_case=True)
    except pa.ArrowInvalid as error:
        found = str(error).removeprefix("Invalid regular expression: ")
        if re.search(r"\(\?<?[=!]", pattern):
            return f"uses lookaround, which RE2 does not support ({found}): write exceptions under `unless`"
        if re.search(r"\\[1-9]|\(\?P=", pattern):
            return f"uses a back-reference, which RE2 does not support ({found}): write the words out"
        return f"is not a regular expression of RE2 ({found})"
    if hits_nothing[0].as_py():
        return "hits every micro-genre, because it hits the empty text: no other rule could fire"
    return ""


def _doubled(rules: Sequence[Rule]) -> list[str]:
    """Bins and names that two rules share."""
    faults = []
    for number, rule in enumerate(rules):
        for earlier in rules[:number]:
            if rule.bin == earlier.bin:
                faults.append(
                    f"line {rule.line}: a second rule for the bin {rule.bin!r}, the first is at line"
                    f" {earlier.line}: make one rule of them, its pattern a list"
                )
            elif rule.name == earlier.name:
                faults.append(f"line {rule.line}: the name {rule.name!r} is taken by line {earlier.line}")
    return faults


def _unproved(rules: RuleSet) -> list[str]:
    """Report proofs that their own rule does not win, and rules that can never fire."""
    faults = []
    for number, rule in enumerate(rules.rules):
        shadow = _shadow(rule, rules.rules[:number])
        hits = claims(pa.array(rule.proofs, pa.string()), rules)
        lost = []
        for proof, hit in zip(rule.proofs, hits, strict=True):
            if not hit[number]:
                lost.append(f"line {rule.line}: rule {rule.name!r} does not hit its own example {proof!r}")
            elif hit[:number].any():
                winner = rules.rules[int(hit.argmax())]
                lost.append(
                    f"line {rule.line}: rule {rule.name!r} does not win its own example {proof!r}: rule"
                    f" {winner.name!r} at line {winner.line} comes first and hits it too"
                )
        if shadow:
            faults.append(f"line {rule.line}: rule {rule.name!r} can never fire: {shadow}")
        elif len(lost) == len(rule.proofs) and len(lost) > 1:
            faults.append(f"line {rule.line}: rule {rule.name!r} never fires on any of its examples")
            faults += lost
        else:
            faults += lost
    return faults


def _shadow(rule: Rule, earlier: Sequence[Rule]) -> str:
    """Return why a rule of plain words can never fire: an earlier rule matches a part of each of its words."""
    words = rule.pattern.split("|")
    if not all(PLAIN.fullmatch(word) for word in words):
        return ""
    reasons = []
    for word in words:
        takers = [
            (other, taken)
            for other in earlier
            for taken in other.pattern.split("|")
            if PLAIN.fullmatch(taken) and taken.lower() in word.lower()
        ]
        if not takers:
            return ""
        other, taken = takers[0]
        reasons.append(
            f"every text with {word!r} also contains {taken!r} of rule {other.name!r}, line {other.line}"
        )
    return ", ".join(reasons)
