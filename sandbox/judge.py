"""Judges one request: the schema first, then the rules that types cannot say. Knows no chats and no messages."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import TelegramMethod
from pydantic import BaseModel, TypeAdapter, ValidationError

from sandbox.errors import BreachError
from sandbox.params import Upload
from sandbox.rules import check_rules
from sandbox.schema import ATTACH, build_method


def judge(model: type[BaseModel], values: Mapping[str, Any], uploads: Mapping[str, Upload]) -> BaseModel:
    """Return the request as an object of its method's class.

    Raises:
        BreachError: it is not valid Bot API.
    """
    given = dict(values)
    for name in uploads:
        # a file part may stand under the parameter's own name
        if name not in given and name in model.model_fields:
            given[name] = ATTACH + name
    request, referred = build_method(model, given, set(uploads))
    unused = sorted(set(uploads) - referred)
    if unused:
        raise BreachError(f"the file part {unused[0]!r} is named by no parameter")
    check_rules(request)
    return request


def check_answer(model: type[TelegramMethod[Any]], result: Any) -> None:
    """Hold an answer of ours against what the method is declared to return, unknown fields refused.

    Raises:
        BreachError: the answer is not what the Bot API promises.
    """
    try:
        built = TypeAdapter(model.__returning__).validate_python(result)
    except ValidationError as error:
        raise BreachError(f"answer of {model.__name__}: {error.errors()[0]}") from error
    _refuse_extra(built, model.__name__)


def _refuse_extra(value: Any, path: str) -> None:
    if isinstance(value, list):
        for item in value:
            _refuse_extra(item, path)
    if not isinstance(value, BaseModel):
        return
    if value.model_extra:
        raise BreachError(f"answer of {path}: unknown fields {sorted(value.model_extra)}")
    for key in type(value).model_fields:
        _refuse_extra(getattr(value, key), f"{path}.{key}")
