"""Measures how fast strategies learn hidden tastes from votes: spaces, tastes, voters, rivals, a table, charts."""
