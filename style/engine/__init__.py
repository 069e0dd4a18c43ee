"""The engine: a process of its own that owns the device, and the client that starts and watches it.

`client`, `process`, `frames`, `mailbox` and `plan` need no torch; everything else here runs in the engine's process.
"""
