"""How families get an account, what they type to sign in, what a password must be, and what they agree to."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from plugins.rules.errors import RuleError
from plugins.rules.french import say_date
from plugins.rules.texts import require_line, require_text


class Opening(Enum):
    """A way to get an account."""

    ACTIVATION_MAIL = "ACTIVATION_MAIL"  # the service mails a link, a login and a generated password
    ACTIVATION_CODE = "ACTIVATION_CODE"  # the service mails a link with a code; the family chooses its password
    SERVICE_KEY = "SERVICE_KEY"  # an agent gives a key, « clé enfance », that links the household to the new account
    SELF_SIGN_UP = "SELF_SIGN_UP"  # anybody, then the declared household waits for an agent
    CLOSED = "CLOSED"  # never online: ask the service


@dataclass(frozen=True, slots=True)
class AccountOpenings:
    """The ways that are open, what to do otherwise (French, names the mailbox), and how long links live, in hours."""

    ways: tuple[Opening, ...]
    contact: str
    link_valid_hours: int = 168
    reset_valid_hours: int = 2

    def __post_init__(self) -> None:
        require_line(self.contact, "What to do without an account")
        if not self.ways or len(set(self.ways)) != len(self.ways):
            raise RuleError(f"Account openings {self.ways}: list each way once, or CLOSED alone.")
        if Opening.CLOSED in self.ways and len(self.ways) > 1:
            raise RuleError("Account openings: CLOSED excludes every other way; remove one or the other.")
        if self.link_valid_hours < 1 or self.reset_valid_hours < 1:
            raise RuleError("Account openings: a link lives at least 1 hour.")

    def allows(self, way: Opening) -> bool:
        """True when an account may be opened that way."""
        return way in self.ways

    def say(self) -> str:
        """The ways in French, how long links live, and what to do otherwise; a sentence a line."""
        lines = [f"{_WAY_WORDS[way]}." for way in self.ways]
        if {Opening.ACTIVATION_MAIL, Opening.ACTIVATION_CODE, Opening.SELF_SIGN_UP} & set(self.ways):
            lines.append(f"Le lien d'activation est valable {_say_hours(self.link_valid_hours)}.")
        if self.allows(Opening.SERVICE_KEY):
            lines.append(f"Une clé sert une seule fois et reste valable {_say_hours(self.link_valid_hours)}.")
        lines.append(f"Le lien pour changer de mot de passe est valable {_say_hours(self.reset_valid_hours)}.")
        return "\n".join([*lines, self.contact])


_WAY_WORDS = {
    Opening.ACTIVATION_MAIL: "Le service envoie par courriel un lien, un identifiant et un mot de passe provisoire",
    Opening.ACTIVATION_CODE: "Le service envoie par courriel un lien et un code ; la famille choisit son mot de passe",
    Opening.SERVICE_KEY: "Un agent remet une clé qui rattache la famille à son nouveau compte",
    Opening.SELF_SIGN_UP: "La famille crée elle-même son compte, puis un agent vérifie sa déclaration",
    Opening.CLOSED: "Aucun compte ne s'ouvre en ligne",
}


def _say_hours(hours: int) -> str:
    days, rest = divmod(hours, 24)
    if rest or days < 2:
        return f"{hours} heure{'s' if hours > 1 else ''}"
    return f"{days} jours"


class LoginKind(Enum):
    """What a family's login is made of."""

    EMAIL = "EMAIL"
    LOCAL_PART = "LOCAL_PART"  # of the e-mail: what stands before the @
    GIVEN = "GIVEN"  # by the portal: initial and surname


@dataclass(frozen=True, slots=True)
class LoginIdentifier:
    """The login a new account receives and how a typed login is read back."""

    kind: LoginKind

    def propose(self, email: str, first_name: str, last_name: str) -> str:
        """The login to try first, normalised and never empty; the caller adds a number when it is already taken."""
        if self.kind is LoginKind.GIVEN:
            return _given(first_name, last_name)
        login = self.normalise(email)
        return login.rpartition("@")[0] or login if self.kind is LoginKind.LOCAL_PART else login

    def normalise(self, typed: str) -> str:
        """A typed login in the form logins are compared: no space around, compatible characters merged, lower case."""
        return unicodedata.normalize("NFKC", typed).strip().casefold()

    def say(self) -> str:
        """What families are told about their login, in French."""
        return _LOGIN_WORDS[self.kind]


_LOGIN_WORDS = {
    LoginKind.EMAIL: "Votre identifiant est votre adresse e-mail.",
    LoginKind.LOCAL_PART: "Votre identifiant est la partie de votre adresse e-mail située avant l'@.",
    LoginKind.GIVEN: "Votre identifiant est celui que le service vous a transmis.",
}


def _given(first_name: str, last_name: str) -> str:
    first, last = _ascii_letters(first_name), _ascii_letters(last_name)
    return ".".join(part for part in (first[:1], last[:20]) if part) or "famille"


def _ascii_letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


class PasswordRule(Enum):
    """One thing a password must respect."""

    MIN_LENGTH = "MIN_LENGTH"
    MAX_LENGTH = "MAX_LENGTH"
    LOWERCASE = "LOWERCASE"
    UPPERCASE = "UPPERCASE"
    DIGIT = "DIGIT"
    NOT_LOGIN = "NOT_LOGIN"


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """One rule, in French, and whether the candidate respects it: what a screen ticks while the person types."""

    rule: PasswordRule
    label: str
    satisfied: bool


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What a commune asks of a password: its length in characters, and how many letters and digits at least."""

    min_length: int
    lowercase: int = 0
    uppercase: int = 0
    digits: int = 0
    max_length: int = 200

    def __post_init__(self) -> None:
        if not 8 <= self.min_length <= self.max_length <= 1000:
            raise RuleError(
                f"Password length {self.min_length} to {self.max_length}: stay between 8 and 1000, minimum first."
            )
        asked = (self.lowercase, self.uppercase, self.digits)
        if min(asked) < 0 or sum(asked) > self.max_length:
            raise RuleError(f"Password letters and digits {asked}: write counts that fit in {self.max_length}.")

    def check(self, candidate: str, *identifiers: str) -> tuple[PasswordCheck, ...]:
        """Every rule in force, ticked or not for this candidate; characters are counted as a person sees them (NFC).

        ``identifiers``: what the person signs in with, such as the login and the e-mail address; « » says nothing.
        """
        seen = unicodedata.normalize("NFC", candidate)
        counts = {
            PasswordRule.LOWERCASE: (self.lowercase, sum(map(str.islower, seen))),
            PasswordRule.UPPERCASE: (self.uppercase, sum(map(str.isupper, seen))),
            PasswordRule.DIGIT: (self.digits, sum(map(str.isdecimal, seen))),
        }
        return (
            PasswordCheck(PasswordRule.MIN_LENGTH, f"au moins {self.min_length} caractères", self._long_enough(seen)),
            *(
                PasswordCheck(rule, _at_least(asked, rule), found >= asked)
                for rule, (asked, found) in counts.items()
                if asked
            ),
            PasswordCheck(
                PasswordRule.MAX_LENGTH, f"au plus {self.max_length} caractères", len(seen) <= self.max_length
            ),
            PasswordCheck(PasswordRule.NOT_LOGIN, "différent de votre identifiant", not _is_one_of(seen, identifiers)),
        )

    def accepts(self, candidate: str, *identifiers: str) -> bool:
        """True when every rule in force is respected."""
        return all(check.satisfied for check in self.check(candidate, *identifiers))

    def say(self) -> str:
        """The policy in one French sentence, ready to be shown above the field."""
        rules = [check.label for check in self.check("") if check.rule is not PasswordRule.MAX_LENGTH]
        return f"Le mot de passe doit comporter {', '.join(rules[:-1])}, et être {rules[-1]}."

    def _long_enough(self, seen: str) -> bool:
        return len(seen) >= self.min_length


def _at_least(count: int, rule: PasswordRule) -> str:
    word = {
        PasswordRule.LOWERCASE: "minuscule",
        PasswordRule.UPPERCASE: "majuscule",
        PasswordRule.DIGIT: "chiffre",
    }[rule]
    return f"au moins {count} {word}{'s' if count > 1 else ''}"


def _is_one_of(candidate: str, identifiers: Iterable[str]) -> bool:
    return candidate.casefold() in {identifier.casefold() for identifier in identifiers if identifier}


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of use « conditions générales d'utilisation »; families accept each version once."""

    version: str
    title: str
    text: str
    published_on: date

    def __post_init__(self) -> None:
        require_line(self.version, "Terms version")
        require_line(self.title, "Terms title")
        require_text(self.text, "Terms text")

    def say(self) -> str:
        """The title, the version and its date, then the text itself."""
        return f"{self.title} (version {self.version}, {say_date(self.published_on)}).\n{self.text.strip()}"
