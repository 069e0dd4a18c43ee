"""Remembers: SQLite with numbered migrations, and pictures stored by their content."""
