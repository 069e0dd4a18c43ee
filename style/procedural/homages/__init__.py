"""Homages: four movements of abstract and divided colour, drawn by code from the principles that they published.

No picture is copied and nobody's works are named. They are what style packs learn from, never the base model.
"""

from collections.abc import Mapping
from types import MappingProxyType

from style.procedural.homages.de_stijl import DE_STIJL
from style.procedural.homages.folder import write_folder
from style.procedural.homages.homage import Homage
from style.procedural.homages.orphism import ORPHISM
from style.procedural.homages.pack_text import pack_toml
from style.procedural.homages.pointillism import POINTILLISM
from style.procedural.homages.suprematism import SUPREMATISM

STYLES: Mapping[str, Homage] = MappingProxyType(
    {style.name: style for style in (DE_STIJL, SUPREMATISM, POINTILLISM, ORPHISM)}
)

__all__ = ["STYLES", "Homage", "pack_toml", "write_folder"]
