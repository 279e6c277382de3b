"""Who enters: accounts, sign-in, passwords, one-time links, keys and codes."""
