"""The one error of the vocabulary of rules."""


class RuleError(ValueError):
    """A rule that contradicts itself; the sentence names the value and what to do about it."""
