"""What operators alone may do: teach styles from their private chats."""
