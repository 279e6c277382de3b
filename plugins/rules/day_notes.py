"""What a yearly file tells those who look after a child on the day: its class, its health, its diet, whom to call.

They know the questions by their codes, whatever the commune: :data:`READ_BY_STAFF`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from plugins.rules.frozen import freeze
from plugins.rules.questions import YES, AnswerKind, Section, asked, questions_of


class Topic(Enum):
    """What an answer is about. The text of each value is what staff read when a family only says yes."""

    SCHOOL = "École"
    CLASS = "Classe"
    ALLERGY = "Allergies"
    CARE_PLAN = "PAI"
    DIET = "Régime particulier"
    EMERGENCY = "À prévenir"


HEALTH = frozenset({Topic.ALLERGY, Topic.CARE_PLAN, Topic.DIET})

READ_BY_STAFF: Mapping[str, Topic] = MappingProxyType(
    {
        "ecole": Topic.SCHOOL,
        "classe": Topic.CLASS,
        "pai": Topic.CARE_PLAN,
        "pai-motif": Topic.CARE_PLAN,
        "allergies": Topic.ALLERGY,
        "allergies-precisions": Topic.ALLERGY,
        "regime": Topic.DIET,
        "regime-precisions": Topic.DIET,
        "urgence-nom": Topic.EMERGENCY,
        "urgence-telephone": Topic.EMERGENCY,
    }
)
"""The codes of questions whose answers the lists of the day and the kitchen read."""


@dataclass(frozen=True, slots=True)
class DayNotes:
    """What is known of one child, by topic, in the words of its family; ``asks`` are the topics that were asked.

    A topic that was asked and has no note was answered « non »: one that was not asked is unknown.
    """

    told: Mapping[Topic, tuple[str, ...]]
    asks: frozenset[Topic]

    def __post_init__(self) -> None:
        freeze(self, "asks")
        object.__setattr__(self, "told", MappingProxyType(dict(self.told)))

    @property
    def knows_health(self) -> bool:
        """True when the family was asked about the child's health: silence then means nothing to report."""
        return bool(self.asks & HEALTH)

    def on(self, topic: Topic) -> tuple[str, ...]:
        """The notes of a topic, none when there is nothing to tell."""
        return self.told.get(topic, ())


def day_notes(sections: Sequence[Section], answers: Mapping[str, str]) -> DayNotes:
    """What one file tells staff; answers to questions that are no longer asked count for nothing."""
    affirmed: set[Topic] = set()
    told: dict[Topic, list[str]] = {}
    for code, question in asked(sections, answers).items():
        topic, value = READ_BY_STAFF.get(code), answers.get(code, "")
        if topic is None or not value or question.fault(value) is not None:
            continue
        if question.kind is not AnswerKind.YES_NO:
            told.setdefault(topic, []).append(question.say_answer(value))
        elif value == YES:
            affirmed.add(topic)
    asks = {READ_BY_STAFF[code] for code in questions_of(sections) if code in READ_BY_STAFF}
    notes = {topic: tuple(told.get(topic, (topic.value,))) for topic in Topic if topic in affirmed or topic in told}
    return DayNotes(notes, frozenset(asks))


def joined(files: Iterable[DayNotes]) -> DayNotes:
    """What several files tell of one child, such as those of its two households: nothing that one says is lost."""
    known = tuple(files)
    notes = {topic: tuple(dict.fromkeys(note for each in known for note in each.on(topic))) for topic in Topic}
    return DayNotes(
        {topic: said for topic, said in notes.items() if said},
        frozenset(topic for each in known for topic in each.asks),
    )
