"""Every question one may ask: each root field, each combination of arguments, everything selected.

Identifiers go wherever an ``ID`` is expected: all of them, or, where they would multiply, those of the type that the
position is named after and one of another type. The other positions take the values of :data:`VALUES`, by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from schema.relay import parse_id

SEPTEMBER = ("2026-09-01", "2026-09-30")
NOVEMBER = ("2026-11-01", "2026-11-30")

ABSENCES = ("Preview", "Report", "RecordPreview", "Record")

OMITTED = object()
"""The value of an optional field that is left out."""

VALUES: dict[str, Sequence[Any]] = {
    **{f"absence{act}.documentId": [OMITTED] for act in ABSENCES},
    "amount": ["0.50"],
    "unitAmount": ["0.50"],
    "bank": ["Banque postale"],
    "chequeNumber": ["1234567"],
    "titles": ["12345"],
    "position": [0],
    "quantity": [1],
    "absenceReports.first": [3],
    "toldAt": [OMITTED],
    "activity": ["restauration", "alsh-vacances"],
    "agreesTo": ["1"],
    "basketEmpty.version": [1],  # the planted one, then those that the walk itself makes
    "basketSave.version": [2],
    "basketCommit.version": [3],
    "birthCountry": ["99100"],
    "birthDate": ["1985-06-15"],
    "birthName": [""],
    "birthTown": ["35076"],
    "body": ["Un texte"],
    "cause": ["maladie", "autre"],
    "closurePreview.cause": ["grève"],
    "closureRecord.cause": ["grève"],
    "closurePreview.site": [OMITTED],
    "closureRecord.site": [OMITTED],
    "code": ["quotient-familial", "photo-video"],
    "answers.question": ["ecole"],
    "answers.value": ["École du bourg"],
    "dossierSave.version": [0, 1],
    **{f"dossier{act}.version": [OMITTED] for act in ("Cancel", "Submit")},
    "pieces.code": ["fiche-sanitaire"],
    "collectOn": ["2026-10-20"],
    "collectionReject.code": ["AM04"],
    "day": ["2026-11-05"],
    "days": ["2026-09-10"],
    "document": ["certificat médical"],
    "entries.day": ["2026-09-10"],
    "entries.arrivedAt": [OMITTED],  # who is absent has none, and one refusal refuses the whole
    "entries.leftAt": [OMITTED],
    "entries.seenAt": [OMITTED, "2026-09-10T12:30:00+02:00"],
    "euros": [480],
    "exercise": [2026],
    "line": [1],
    "titres.number": [1234],
    "first": [50],
    "personCorrect.email": [OMITTED],  # that of who has an account refuses the whole
    "accountEmailReplace.email": ["ailleurs@example.org"],
    "householdCorrect.name": ["TEST"],
    "school": ["École du bourg"],
    "services": ["enfance"],
    "consentChange.personId": [OMITTED],
    "consents.first": [3],
    "entries.first": [8],
    "documents.first": [3],
    "dossiersToDecide.first": [3],
    "households.first": [1],
    "particularChanges.first": [3],
    "capacity": [40],
    "invoices.first": [2],
    "invoicesToPrint.first": [2],
    "drafts.first": [3],
    "drawerPayments.first": [3],
    "drawerPayments.route": ["guichet"],
    "problems.first": [3],
    "trouble": [OMITTED],
    "changedBy": [20],
    "percent": [40],
    "invoiceRuns.first": [3],
    "invoiceRunStart.day": ["2026-09-10"],
    "invoiceRunStart.idempotencyKey": [OMITTED],  # each household is asked for, not the first one again
    "partCount": [2],
    "firstDueOn": ["2026-12-01"],
    "pool": ["vacances-matin"],
    "requests.first": [3],
    "bookingChanges.first": [3],
    "waitingEntries.first": [3],
    "absences.first": [3],
    "percentDue": [50],
    "requestQueue.childId": [OMITTED],
    "requestQueue.householdId": [OMITTED],
    "requestQueue.number": [OMITTED],
    "since": [SEPTEMBER[0]],
    "unseen.since": ["2026-09-01T08:00:00+02:00"],
    "until": [NOVEMBER[1]],
    "firstDay": [NOVEMBER[0]],
    "treasuryStatement.firstDay": [SEPTEMBER[0]],
    "paymentStatement.firstDay": [SEPTEMBER[0]],
    "taxStatement.year": [2026],
    "hoursBefore": [48],
    "conditions": ["1"],
    "holder": ["Parent TEST"],
    "iban": ["FR7630006000011234567890189"],
    "signedOn": ["2026-10-05"],
    "firstDayWithout": ["2027-06-01"],
    "lastDay": [NOVEMBER[1]],
    **{f"absence{act}.firstDay": [SEPTEMBER[0]] for act in ABSENCES},
    **{f"absence{act}.lastDay": [SEPTEMBER[1]] for act in ABSENCES},
    "attendanceSheet.firstDay": [SEPTEMBER[0]],
    "attendanceSheet.lastDay": [SEPTEMBER[1]],
    "dayList.day": ["2026-09-10"],
    "dayList.site": [OMITTED],
    "mealCounts.firstDay": [SEPTEMBER[0]],
    "mealCounts.lastDay": [SEPTEMBER[1]],
    "rest.firstDay": [SEPTEMBER[0]],
    "rest.lastDay": [SEPTEMBER[1]],
    "label": ["Gratin dauphinois"],
    "likeMonth": ["2026-09-15"],
    "selections.likeChildId": [OMITTED],
    "link": ["https://commune.example/reglement.pdf"],
    "month": ["2026-09"],
    "oneWeekIn": [1],
    "preset": [OMITTED],
    "startsOn": ["2026-11-02"],
    "rhythms.until": ["2026-11-20"],
    "newPassword": ["Un-Autre2Mot-de-Passe"],
    **{
        f"personUpdate.{name}": [OMITTED]  # the service's business in Chavagne: one of them refuses the whole
        for name in ("title", "firstName", "lastName", "birthName", "birthDate", "country")
    },
    "phone": ["0299000000"],
    "postcode": ["35310"],
    "quotient": [650],
    "reason": ["Une raison"],
    "returnTo": ["/factures"],
    "route": ["payfip"],
    "schoolYear": ["2026-2027"],
    "service": ["enfance"],
    "site": ["École"],
    "street": ["1 rue du Pont"],
    "text": ["Un message"],
    "terms": ["1"],
    "title": ["Un titre"],
    "town": ["Chavagne"],
    "anchor": ["2026-11-02"],
    "weekdays": [1],
    "unit": ["repas"],
    "waitingList.day": ["2026-12-07"],
    "waitingListJoin.activity": ["restauration"],
    "waitingListJoin.day": ["2026-12-04"],
    "week": ["2026-11-02"],
    "units": ["repas"],
    "validUntil": ["2027-08-31"],
    "version": ["1"],
}
"""What is written where: by argument or field name, or by its parent and its name when the name says too little."""

PARTS = {"Household": 3}
"""Types that are selected part by part: all at once, a household costs more than an operation may."""

LEFT_OUT = {"after", "last", "before"}  # pages are tested elsewhere; the first one is read here


@dataclass(frozen=True, slots=True)
class Question:
    """One operation: ``about`` is its root field, and the type selected when an interface is answered."""

    field: str
    about: str
    document: str
    variables: Mapping[str, Any]


class Walk:
    """All the questions of a schema about given identifiers; ``known`` adds to :data:`VALUES` what the asker knows."""

    def __init__(self, schema: GraphQLSchema, ids: Sequence[str], known: Mapping[str, Sequence[Any]]) -> None:
        self._schema = schema
        self._ids = list(ids)
        self._values = {**VALUES, **known}

    def questions(self) -> Iterator[Question]:
        """The reads first, then the writes, in the order of the schema."""
        for root in (self._schema.query_type, self._schema.mutation_type):
            for name, field in (root.fields if root else {}).items():
                yield from self._of_field("query" if root is self._schema.query_type else "mutation", name, field)

    def _of_field(self, kind: str, name: str, field: GraphQLField) -> Iterator[Question]:
        asked = {key: given for key, given in field.args.items() if key not in LEFT_OUT}
        declared = ", ".join(f"${key}: {given.type}" for key, given in asked.items())
        passed = ", ".join(f"{key}: ${key}" for key in asked)
        heads = f"({declared})" if declared else "", f"({passed})" if passed else ""
        arguments = self._rows(asked, name)
        for about, selected in self._selections(name, field):
            document = f"{kind}{heads[0]} {{ {name}{heads[1]} {selected} }}"
            yield from (Question(name, about, document, row) for row in arguments)

    def _selections(self, name: str, field: GraphQLField) -> Iterator[tuple[str, str]]:
        answered = get_named_type(field.type)
        if not isinstance(answered, GraphQLInterfaceType):
            yield from ((name, selected) for selected in self._everything_of(answered, ()))
            return
        for possible in self._schema.get_possible_types(answered):
            for selected in self._everything_of(possible, ()):
                yield f"{name}:{possible.name}", f"{{ __typename ... on {possible.name} {selected} }}"

    def _everything_of(self, type_: GraphQLNamedType, above: tuple[str, ...]) -> list[str]:
        """Selections of all there is in a type; several when a field inside takes identifiers: one per identifier."""
        if is_leaf_type(type_):
            return [""]
        assert isinstance(type_, GraphQLObjectType), f"{type_}: an interface inside a type is not walked yet"
        assert type_.name not in above, f"{type_} leads back to itself: select it once"
        variants = [
            [
                f"{name}{arguments} {inner}".strip()
                for arguments in self._literal_arguments(name, field)
                for inner in self._everything_of(get_named_type(field.type), (*above, type_.name))
            ]
            for name, field in type_.fields.items()
        ]
        parts = PARTS.get(type_.name, 1)
        return [selected for part in range(parts) for selected in _in_turn(variants[part::parts])]

    def _literal_arguments(self, name: str, field: GraphQLField) -> list[str]:
        asked = {key: given for key, given in field.args.items() if key not in LEFT_OUT}
        rows = self._rows(asked, name, narrow=True)
        without_ids = {key: value for key, value in rows[0].items() if not _holds_ids(asked[key].type)}
        if without_ids != rows[0]:
            rows.insert(0, without_ids)
        texts = [", ".join(f"{key}: {_literal(value, asked[key].type)}" for key, value in row.items()) for row in rows]
        return [f"({text})" if text else "" for text in texts]

    def _rows(
        self,
        positions: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
        parent: str,
        *,
        narrow: bool = False,
    ) -> list[dict[str, Any]]:
        """Values for all the positions: every combination of identifiers, each other value at least once."""
        of_ids = [key for key, given in positions.items() if _holds_ids(given.type)]
        narrow = narrow or len(of_ids) > 1
        columns = {key: self._column(key, given.type, parent, narrow=narrow) for key, given in positions.items()}
        others = [key for key in positions if key not in of_ids]
        longest = max((len(columns[key]) for key in others), default=1)
        return [
            {
                key: value
                for key, value in (
                    *zip(of_ids, chosen, strict=True),
                    *((key, columns[key][turn % len(columns[key])]) for key in others),
                )
                if value is not OMITTED
            }
            for chosen in product(*(columns[key] for key in of_ids))
            for turn in range(longest)
        ]

    def _column(self, name: str, type_: GraphQLInputType, parent: str, *, narrow: bool) -> list[Any]:
        """The values that one position takes in turn."""
        if isinstance(type_, GraphQLNonNull):
            return self._column(name, type_.of_type, parent, narrow=narrow)
        if isinstance(type_, GraphQLList):
            inner = self._column(name, type_.of_type, parent, narrow=narrow)
            return [[], *([value] for value in inner)] if _holds_ids(type_) else [inner]
        if isinstance(type_, GraphQLInputObjectType):
            return list(self._rows(type_.fields, parent if name == "input" else name, narrow=narrow))
        if isinstance(type_, GraphQLEnumType):
            return list(type_.values)
        if type_.name == "ID":
            return [*self._values.get(f"{parent}.{name}", ()), *(self._fitting(name) if narrow else self._ids)]
        if type_.name == "Boolean":
            return [True, False]
        found = self._values.get(f"{parent}.{name}") or self._values.get(name)
        assert found, f"{parent}.{name}: write in VALUES what to put there"
        return list(found)

    def _fitting(self, name: str) -> list[str]:
        """The identifiers of the type that ends a position's name (``childIds`` takes children), and another one.

        All of them where the name says nothing: ``id``.
        """
        named = name.removesuffix("s").removesuffix("Id").casefold()
        if named in ("id", ""):
            return self._ids
        types = {each: found.type_name.casefold() for each in self._ids if (found := parse_id(each)) is not None}
        fitting = [each for each, type_name in types.items() if named.endswith(type_name)]
        return [*fitting, next(each for each in self._ids if each not in fitting)]


def _in_turn(variants: Sequence[Sequence[str]]) -> list[str]:
    """Selections of some fields, each variant of each field at least once."""
    longest = max(len(variant) for variant in variants)
    rows = ([variant[turn % len(variant)] for variant in variants] for turn in range(longest))
    return [f"{{ {' '.join(row)} }}" for row in rows]


def _holds_ids(type_: GraphQLInputType) -> bool:
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return any(_holds_ids(given.type) for given in named.fields.values())
    return named.name == "ID"


def _literal(value: Any, type_: GraphQLInputType) -> str:
    """A value of a type as it is written in a document."""
    if isinstance(value, list):
        return f"[{', '.join(_literal(each, type_) for each in value)}]"
    bare = isinstance(value, int) or isinstance(get_named_type(type_), GraphQLEnumType)
    return str(value) if bare else f'"{value}"'
