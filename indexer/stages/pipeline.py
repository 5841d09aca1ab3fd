"""The stages of a run and their settings: from a TOML file, from names, from `--set`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from indexer.errors import UserError
from indexer.stages.base import Stage, StageSettings
from indexer.stages.detector import Detector
from indexer.stages.download import Download
from indexer.stages.duplicate import Duplicate
from indexer.stages.invalid import Invalid
from indexer.stages.keyword import Keyword
from indexer.stages.vlm import Vlm

# In the order they run, which is RS5M's.
STAGES: tuple[type[Stage], ...] = (Keyword, Download, Invalid, Duplicate, Vlm, Detector)

RS5M_STAGES = Path(__file__).parent / "rs5m.toml"
"""RS5M's own settings, with comments: the defaults."""

_BY_NAME = {stage.name: stage for stage in STAGES}
_KNOWN = f"Stages are: {', '.join(_BY_NAME)}."
_CHANGE = re.compile(r"(?P<stage>\w+)(?:\.(?P<field>\w+))?=(?P<value>.*)", re.DOTALL)
_HOW_TO_SET = "Write STAGE.SETTING=VALUE, such as vlm.keep=0.8, or STAGE=off."

Tables = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Pipeline:
    """Stages with their settings, in the order they run.

    Attributes:
        stages: ready to judge; `invalid` is always among them, as an image that cannot be read has nothing to
            show.
        tables: what was said of each, by stage; what is not said is at its default.
    """

    stages: tuple[Stage, ...]
    tables: dict[str, dict[str, object]]

    @classmethod
    def of(cls, tables: Tables, where: str = "The stages") -> Self:
        """Make the stages of `tables`: settings by stage; a stage without a table does not run.

        Args:
            tables: as a TOML file of stages holds them.
            where: what errors name.

        Raises:
            UserError: a stage or setting is unknown, or a value cannot be a setting's.
        """
        for name, table in tables.items():
            if name not in _BY_NAME:
                raise UserError(f"{where}: there is no stage '{name}'.", _KNOWN)
            if not isinstance(table, Mapping):
                raise UserError(f"{where}: {name} is no table.", f"Write [{name}] on a line of its own.")
        given: dict[str, dict[str, object]] = {
            name: dict(tables.get(name, {})) for name in _BY_NAME if name in tables or name == Invalid.name
        }
        return cls(tuple(_stage(name, table, where) for name, table in given.items()), given)

    @classmethod
    def named(cls, *names: str) -> Self:
        """The stages of these names, at their defaults.

        Raises:
            UserError: a name is unknown.
        """
        return cls.of({name: {} for name in names}, "--stages")

    @classmethod
    def read(cls, path: Path) -> Self:
        """The stages that a TOML file describes, a table each.

        Raises:
            UserError: the file cannot be read, is no TOML, or says what cannot be.
        """
        try:
            with path.open("rb") as stream:
                tables = tomllib.load(stream)
        except OSError as error:
            raise UserError(
                f"{path} cannot be read: {error.strerror}.", "Give a TOML file of stages."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"{path} is no TOML: {error}.", "Correct that line.") from None
        return cls.of(tables, str(path))

    @classmethod
    def default(cls) -> Self:
        """RS5M's own."""
        return cls.read(RS5M_STAGES)

    @classmethod
    def chosen(cls, text: str | None) -> Self:
        """What `--stages` says: a TOML file, names with commas between, `none`, or nothing for RS5M's.

        Raises:
            UserError: as `read` and `named`.
        """
        if text is None:
            return cls.default()
        if text.endswith(".toml") or Path(text).is_file():
            return cls.read(Path(text))
        return cls.named(*(name.strip() for name in text.split(",") if name.strip() not in ("", "none")))

    def changed(self, changes: Iterable[str]) -> Pipeline:
        """The same with settings changed: each change is `vlm.keep=0.8`, `keyword=off` or `vlm=on`.

        A value is written as in TOML; what is none is taken as text.

        Raises:
            UserError: a change names an unknown stage or setting, or a value cannot be the setting's.
        """
        tables: dict[str, dict[str, object]] = {name: dict(table) for name, table in self.tables.items()}
        for change in changes:
            match = _CHANGE.fullmatch(change.strip())
            where = f"--set {change}"
            if match is None:
                raise UserError(f"{where}: this is no change of a setting.", _HOW_TO_SET)
            name, field, text = match["stage"], match["field"], match["value"].strip()
            stage = _BY_NAME.get(name)
            if stage is None:
                raise UserError(f"{where}: there is no stage '{name}'.", _KNOWN)
            if field is None:
                _switch(tables, name, text, where)
                continue
            before = _settings(stage, tables.get(name, {}), where)
            tables[name] = before.changed({field: _value(text)})
            _settings(stage, tables[name], where)
        return Pipeline.of(tables, "--set")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all stages, in the order they run."""
        return tuple(stage.name for stage in self.stages)

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Every setting of every stage, said or not, as JSON values."""
        return {
            stage.name: stage.settings.model_dump(mode="json", exclude_none=True)  # type: ignore[attr-defined]
            for stage in self.stages
        }


def _stage(name: str, table: Mapping[str, object], where: str) -> Stage:
    stage = _BY_NAME[name]
    return stage(_settings(stage, table, where))


def _settings(stage: type[Stage], table: Mapping[str, object], where: str) -> StageSettings:
    try:
        return stage.Settings(**table)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in (stage.name, *first["loc"][:1]))
        known = ", ".join(stage.Settings.model_fields) or "none"
        said = first["msg"].removeprefix("Value error, ")
        raise UserError(f"{where}: {field}: {said}.", f"Settings of {stage.name} are: {known}.") from None


def _switch(tables: dict[str, dict[str, object]], name: str, text: str, where: str) -> None:
    if text == "on":
        tables.setdefault(name, {})
    elif text == "off":
        tables.pop(name, None)
    else:
        raise UserError(f"{where}: a stage is on or off.", _HOW_TO_SET)


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
