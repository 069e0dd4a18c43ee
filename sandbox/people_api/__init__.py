"""The people's side of the HTTP server: the chat page, guests and tests see the chats, and act, through it."""
