"""Paints: recipes, the engine, training, style packs and the bundled base model; torch lives only here."""
