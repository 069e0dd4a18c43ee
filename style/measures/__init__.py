"""Measures: colour, order, words, style and diversity off pixels, with no downloaded weights; and `evaluate`."""
