"""Holds a request against the Bot API's schema, as aiogram's classes tell it, but strictly.

Knows types and nothing else: which fields exist, at every depth, which member of a union is meant, what is required.
Form fields come as text and are read by their declared type before anything else.
"""

import json
import re
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from aiogram.client.default import Default
from aiogram.types import BufferedInputFile, InputFile
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sandbox.errors import BreachError

ATTACH = "attach://"
_INTEGER = re.compile(r"[+-]?\d{1,19}")
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_LEAVES: dict[type, str] = {int: "Integer", float: "Float", str: "String", bool: "Boolean"}


def build_method(model: type[BaseModel], values: dict[str, Any], uploads: set[str]) -> tuple[BaseModel, set[str]]:
    """Build a method's object from decoded JSON or text; also return the upload names that it refers to.

    Raises:
        BreachError: the first thing that is wrong, by its path.
    """
    reader = _Reader(uploads)
    decoded = {}
    for name, value in values.items():
        field = _field(model, name, name)
        decoded[name] = _decode(value, _members(field.annotation), name) if isinstance(value, str) else value
    return reader.build(model, decoded, ""), reader.referred


def _decode(text: str, members: list[Any], path: str) -> Any:
    """Read a form field by its declared type."""
    if int in members and _INTEGER.fullmatch(text):
        return int(text)
    if str in members or InputFile in members:
        return text
    if bool in members:
        if text.lower() not in _TRUTHS:
            raise BreachError(f"{path} must be a Boolean, got {text[:40]!r}")
        return _TRUTHS[text.lower()]
    if int in members:
        raise BreachError(f"{path} must be an Integer, got {text[:40]!r}")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BreachError(f"can't parse {path} JSON object") from error


def _members(annotation: Any) -> list[Any]:
    """Return what a declared type may be, without `None` and without aiogram's own stand-ins."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    return [] if annotation in (type(None), Default) else [annotation]


def _field(model: type[BaseModel], name: str, path: str) -> FieldInfo:
    for key, field in model.model_fields.items():
        if name == (field.alias or key):
            extra = field.json_schema_extra
            if isinstance(extra, dict) and extra.get("deprecated"):
                raise BreachError(f"{path} is a deprecated field of the Bot API")
            return field
    raise BreachError(f"{path} is not a field of {model.__name__}")


class _Reader:
    """Walks a value along its declared type; `referred` gathers the uploads named by `attach://`."""

    def __init__(self, uploads: set[str]) -> None:
        self._uploads = uploads
        self.referred: set[str] = set()

    def build(self, model: type[BaseModel], values: Any, path: str) -> BaseModel:
        if not isinstance(values, dict):
            raise BreachError(f"{path or model.__name__} must be an Object")
        built: dict[str, Any] = {}
        for name, value in values.items():
            place = f"{path}.{name}" if path else name
            built[name] = self._read(value, _members(_field(model, name, place).annotation), place)
        for key, field in model.model_fields.items():
            name = field.alias or key
            # aiogram fills in constants such as a medium's type; the server does not
            if name not in built and (field.is_required() or _literals(field)):
                raise BreachError(f"{path}.{name} is missing" if path else f"{name} is empty")
        try:
            return model.model_validate(built)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([path, *map(str, first["loc"])]).strip(".")
            raise BreachError(f"{where or model.__name__}: {first['msg']}") from error

    def _read(self, value: Any, members: list[Any], path: str) -> Any:
        models = [member for member in members if isinstance(member, type) and issubclass(member, BaseModel)]
        if isinstance(value, dict) and models:
            return self.build(_choose(models, value, path), value, path)
        if isinstance(value, list):
            for member in members:
                if get_origin(member) is list:
                    inner = _members(get_args(member)[0])
                    return [self._read(item, inner, f"{path}[{index}]") for index, item in enumerate(value)]
        if InputFile in members and isinstance(value, str):
            return self._file(value, members, path)
        allowed = [choice for member in members if get_origin(member) is Literal for choice in get_args(member)]
        if any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in allowed):
            return value
        if type(value) in members or (type(value) is int and float in members) or Any in members:
            return value
        wanted = " or ".join(dict.fromkeys(_name(member) for member in members))
        raise BreachError(f"{path} must be {wanted}, got {json.dumps(value, default=str)[:60]}")

    def _file(self, value: str, members: list[Any], path: str) -> Any:
        if value.startswith(ATTACH):
            name = value.removeprefix(ATTACH)
            if name not in self._uploads:
                raise BreachError(f"can't parse InputMedia: media not found: {path} names the file part {name!r}")
            self.referred.add(name)
        elif str not in members:
            raise BreachError(f"{path} must be an uploaded file")
        return value if str in members else BufferedInputFile(b"", filename=value)


def _choose(models: list[type[BaseModel]], value: dict[str, Any], path: str) -> type[BaseModel]:
    """Choose a union's member by its constant fields, or by the fields that it cannot be without."""
    if len(models) == 1:
        return models[0]
    fits = [
        model
        for model in models
        if (constants := _constants(model)) and all(value.get(name) in choices for name, choices in constants.items())
    ]
    fits = fits or [model for model in models if not _constants(model) and _has_required(model, value)]
    if len(fits) != 1:
        names = ", ".join(model.__name__ for model in (fits or models))
        raise BreachError(f"{path} must be exactly one of {names}")
    return fits[0]


def _constants(model: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    return {field.alias or key: _literals(field) for key, field in model.model_fields.items() if _literals(field)}


def _literals(field: FieldInfo) -> tuple[Any, ...]:
    if get_origin(field.annotation) is Literal:
        return tuple(get_args(field.annotation))
    return ()


def _has_required(model: type[BaseModel], value: dict[str, Any]) -> bool:
    return all((field.alias or key) in value for key, field in model.model_fields.items() if field.is_required())


def _name(member: Any) -> str:
    if get_origin(member) is list:
        return "Array"
    if get_origin(member) is Literal:
        return "one of " + ", ".join(str(getattr(choice, "value", choice)) for choice in get_args(member))
    return _LEAVES.get(member, getattr(member, "__name__", str(member)))
