"""Measures: what can be read off pixels, with no downloaded weights: colours, hues, and a set's distance in style."""
