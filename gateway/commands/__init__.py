"""The commands of ``python -m gateway``."""
