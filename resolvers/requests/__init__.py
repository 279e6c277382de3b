"""Requests « démarches » of every kind: opened, answered, decided, listed."""
