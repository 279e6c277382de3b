"""What who joins a way of being invoiced or collected accepts."""

from dataclasses import dataclass

from plugins.rules.errors import RuleError
from plugins.rules.texts import require_line


@dataclass(frozen=True, slots=True)
class JoiningTerms:
    """What who joins accepts, in French; another text is another version, and who joined before is not asked again."""

    version: str
    text: str

    def __post_init__(self) -> None:
        require_line(self.version, "Version of what who joins accepts")
        require_line(self.text, "What who joins accepts")
        if len(self.version) > 40:
            raise RuleError(f"Version {self.version!r} of what who joins accepts: at most 40 characters.")
