"""What people do, a module a kind of act, and which updates the bot gets of it. Knows no HTTP."""
