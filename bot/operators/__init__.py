"""The running of the bot, from the chat: what only operators may, each time checked and written down."""
