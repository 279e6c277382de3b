"""Adapters of the payment routes, and the addresses banks and browsers come back to."""
