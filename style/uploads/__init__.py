"""Pictures that people send, taken in with distrust: decoded in a process of its own, stored from pixels alone."""
