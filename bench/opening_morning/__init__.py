"""Opening morning: 2,000 families ask for 300 places at once, on PostgreSQL, of several server processes."""
