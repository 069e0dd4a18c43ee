"""Simulated people: they look at the pixels, have a taste of their own, and press buttons."""
