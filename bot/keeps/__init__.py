"""What a person keeps: originals, the learned taste, the family tree, the prompting model; and what is erased.

`keeping` holds the use cases, `keepsakes` makes what is sent, `handlers` is Telegram's edge of both.
"""
