"""Files that families send: what they are by their contents, and what is taken out of them."""
