"""Reads `genrelab.toml`: settings are pydantic models, and each error says how to correct the file.

Conventions: a field declares its key in the file (`setting("training.seed", 24)`) and, where there is one, its
environment variable. An argument overrides the environment, which overrides the file. A type of value declares its
message (`rule("{key} is not a share", "0 to 1", ge=0, le=1)`); a validator raises `ValueError` with what
was found.

Which settings there are does not belong here but in `genrelab.runtime.settings` and `genrelab.runtime.operations`.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from genrelab.runtime.errors import SettingsError
from genrelab.runtime.files import read_text
from genrelab.runtime.home import Home

_OF_A_RUN = (
    "clusters",
    "columns",
    "drift",
    "lake",
    "listen",
    "predict",
    "rules",
    "scrape",
    "sources",
    "training",
    "validation",
)
_OF_OPERATIONS = ("links", "notify", "retention", "schedule")
SECTIONS = sorted((*_OF_A_RUN, *_OF_OPERATIONS))
"""Sections of the file; each model checks the keys of its own."""
UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
"""Errors of pydantic about a key that no model and no dataclass has."""


class FileText(str):
    """Text from the settings file: a relative path in it starts at the home, any other at the current folder."""

    __slots__ = ()


def setting(key: str, default: Any, variable: str = "") -> Any:
    """Declare a field of a settings model.

    Args:
        key: Its section and key in the file.
        default: Its default value.
        variable: Environment variable that overrides the file.
    """
    return Field(default, validation_alias=AliasChoices(key, *filter(None, [variable])))


def rule(wrong: str, allowed: str, **limits: Any) -> Any:
    """Declare the allowed values of a type of setting, and the message for other values.

    Args:
        wrong: Message for other values; `{key}` is the setting, `{place}` where its value came from.
        allowed: The allowed values in words.
        limits: Limits that pydantic checks.
    """
    return Field(title=wrong, description=allowed, **limits)


class FileSettings(BaseSettings):
    """Settings from the file, the environment and the arguments; each overrides the one before.

    Args:
        home: The folders; its settings file is read.
        given: Values by field name.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    home: Home

    def __init__(self, home: Home, **given: Any) -> None:
        try:
            super().__init__(home=home, **given)
        except ValidationError as error:
            raise _explained(type(self), error, home.settings_file, given) from None

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # without the sources that are not used
        cls,
        settings_cls: type[BaseSettings],
        init_settings: InitSettingsSource,
        **_: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources in order: arguments, declared environment variables, declared sections of the file."""
        settings = declared(cls)
        variables = {variable for _, variable, _ in settings.values() if os.environ.get(variable)}
        sections = {key.partition(".")[0] for key in settings}
        in_file: dict[str, Any] = {}
        for section, values in read_settings_file(init_settings.init_kwargs["home"].settings_file).items():
            if section in cls.model_fields and not cls.model_fields[section].validation_alias:
                in_file[section] = values
            elif section in sections:
                for key, value in values.items():
                    in_file[f"{section}.{key}"] = FileText(value) if isinstance(value, str) else value
        return (
            init_settings,
            InitSettingsSource(settings_cls, {name: os.environ[name] for name in variables}),
            InitSettingsSource(settings_cls, in_file),
        )


def declared(kind: type[FileSettings]) -> dict[str, tuple[str, str, FieldInfo]]:
    """Return the argument, environment variable and field of every setting of a model, by its key in the file."""
    found = {}
    for name, field in kind.model_fields.items():
        if isinstance(field.validation_alias, AliasChoices):
            key, *variables = map(str, field.validation_alias.choices)
            found[key] = (name, "".join(variables), field)
        elif name != "home":
            of_section = getattr(field.annotation, "__pydantic_fields__", {name: field})
            found |= {f"{name}.{key}": ("", "", each) for key, each in of_section.items()}
    return found


def _explained(
    kind: type[FileSettings], error: ValidationError, file: Path, given: Mapping[str, object]
) -> SettingsError:
    """Turn pydantic's error into one that says what is wrong, found, allowed and to do."""
    settings, faults = declared(kind), error.errors(include_url=False)
    unknown = sorted(".".join(map(str, fault["loc"])) for fault in faults if fault["type"] in UNKNOWN)
    if unknown:
        section = unknown[0].partition(".")[0] + "."
        return SettingsError(
            f"{file} has an unknown setting in [{section[:-1]}]",
            found=", ".join(key.removeprefix(section) for key in unknown if key.startswith(section)),
            allowed=", ".join(
                sorted(key.removeprefix(section) for key in settings if key.startswith(section))
            ),
            do="remove or rename it",
        )
    fault = faults[0]
    loc = [str(part) for part in fault["loc"]]
    names = {loc[0], ".".join(loc[:2])}  # of an argument, a flat key, or a key in a section
    key, (argument, variable, field) = next(
        each for each in settings.items() if names & {each[0], each[1][0]}
    )
    place = variable if os.environ.get(variable) else f"{key} in {file}"
    if argument in given:
        place = f"--{argument.replace('_', '-')}"
    return SettingsError(
        str(field.title).format(key=key, place=place),
        found=str(fault["ctx"]["error"]) if fault["type"] == "value_error" else repr(fault["input"]),
        allowed=str(field.description),
        do=f"correct {place}",
    )


def read_settings_file(path: Path) -> dict[str, dict[str, Any]]:
    """Return every section of the settings file; empty if there is no file.

    Raises:
        SettingsError: It is not a file, not TOML, or has an unknown section.
    """
    if path.is_dir() or (path.is_symlink() and not path.exists()):
        raise SettingsError(
            f"{path} is not a file",
            found="a folder; Docker creates one if the file to mount does not exist"
            if path.is_dir()
            else "a broken link",
            allowed="a TOML file, or no file",
            do="remove it, or create the settings file there",
        )
    if not path.is_file():
        return {}
    try:
        sections = tomllib.loads(read_text(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is not a TOML file",
            found=str(error),
            do="correct that line; docs/guide.md lists every setting",
        ) from None
    for section, values in sections.items():
        if section not in SECTIONS or not isinstance(values, dict):
            raise SettingsError(
                f"{path} has an unknown section",
                found=section,
                allowed=", ".join(SECTIONS),
                do="remove or rename it",
            )
    return sections
