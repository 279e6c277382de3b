"""What a commune decides: questions, default answers, the vocabulary of rules, and one folder per commune. Pure."""
