"""How an agent finds a family: by what people say at the desk or on the telephone, a name, an address, a login."""

from typing import Any
from uuid import UUID

from tortoise.expressions import Q, Subquery

from resolvers.context import AccountKind, Context
from resolvers.errors import Code, Refused
from resolvers.families.households import HouseholdFile, households_of
from resolvers.models import Account, Household, Membership, Person

LONGEST_SEARCH, MOST_WORDS = 120, 6
NAMED = ("first_name", "last_name", "birth_name", "email")


async def households_found(
    ctx: Context, search: str, after: tuple[str, UUID] | None, limit: int
) -> tuple[list[HouseholdFile], int]:
    """A page of the households in sight, by name, and how many there are in all: four statements.

    Each word of the search is somewhere in the household's name, or in the names, e-mail addresses or logins of its
    members, children and contacts too; an empty search finds them all. Refused: INVALID for a search that is too long.
    """
    words = search.split()
    if len(search) > LONGEST_SEARCH or len(words) > MOST_WORDS:
        message = f"Cherchez {MOST_WORDS} mots et {LONGEST_SEARCH} caractères au plus."
        raise Refused(Code.INVALID, message, field=("search",))
    rows = Household.filter(*(_of_household(word) for word in words))
    total = await rows.count()
    if after is not None:
        name, key = after
        rows = rows.filter(Q(name__gt=name) | Q(name=name, id__gt=key))
    keys: list[Any] = await rows.order_by("name", "id").limit(limit).values_list("id", flat=True)
    return await households_of(ctx, frozenset(keys)), total


def _of_household(word: str) -> Q:
    accounts = Account.filter(_holds(word, "login", "email"), kind=AccountKind.FAMILY).values("person_id")
    persons = Person.filter(_holds(word, *NAMED) | Q(id__in=Subquery(accounts))).values("id")
    members = Membership.filter(person_id__in=Subquery(persons)).values("household_id")
    return _holds(word, "name") | Q(id__in=Subquery(members))


def _holds(word: str, *columns: str) -> Q:
    """The word in one of the columns, in any case: SQLite ignores the case of plain letters alone, not of É or Ç."""
    spellings = {word, word.lower(), word.upper(), word.title()}
    return Q(*(Q(**{f"{column}__icontains": each}) for column in columns for each in sorted(spellings)), join_type="OR")
