"""What families give on paper: the yearly file, the vault of documents, the sheets."""
