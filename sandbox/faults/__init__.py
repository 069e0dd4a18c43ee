"""Faults that people switch on: what goes wrong between a bot and Telegram, by rule, and how it is carried out."""
