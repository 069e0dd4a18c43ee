"""Adapters that other programs wrote, made into ours: kohya's scripts, LyCORIS, diffusers, peft, Flux's own names."""

from style.foreign.conversion import import_adapter
from style.foreign.file import ForeignFile, inspect_foreign
from style.foreign.report import ImportReport, LeftOut

__all__ = ["ForeignFile", "ImportReport", "LeftOut", "import_adapter", "inspect_foreign"]
