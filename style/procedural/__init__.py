"""The procedural painter: endless abstract compositions, drawn by code from a few named attributes.

It draws what the bundled base model learns from. It knows nothing of models, training or chats.
"""

from style.procedural.captions import caption_of, phrases_of
from style.procedural.composition import draw
from style.procedural.spec import HUES, LINES, PAINTER, PLANES, Spec, random_spec

__all__ = ["HUES", "LINES", "PAINTER", "PLANES", "Spec", "caption_of", "draw", "phrases_of", "random_spec"]
