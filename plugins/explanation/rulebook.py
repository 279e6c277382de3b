"""The règlement of a commune, put together: every question in order, its answer in French, and who gave it."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any

from plugins import hookspecs
from plugins.commune import DEFAULTS, Commune
from plugins.explanation.days_off import days_off, say_calendar
from plugins.explanation.document import Document, Paragraph, Section, Sentences, Source
from plugins.explanation.pricing import WorkedPrices
from plugins.explanation.upcoming import Upcoming
from plugins.rules.calendar import SchoolCalendar, SchoolYear
from plugins.rules.catalogue import Activity, Catalogue
from plugins.rules.french import say_date, say_list, say_sentence
from plugins.rules.identity import Service
from plugins.rules.wording import Message
from plugins.signatures import QUESTIONS, Question
from plugins.situations import situations

TITLES: Mapping[str, str] = {
    "identity": "La commune et ses services",
    "account_openings": "Ouvrir un compte",
    "login_identifier": "Identifiant de connexion",
    "password_policy": "Mot de passe",
    "terms": "Conditions d'utilisation",
    "features": "Ce qui se fait en ligne",
    "field_policies": "Informations que la famille voit ou modifie",
    "calendar": "Calendrier",
    "catalogue": "Activités",
    "booking_rules": "Réserver et annuler",
    "basket": "Panier",
    "waiting_list": "Liste d'attente",
    "absence_rules": "Absences",
    "quotient_rule": "Quotient familial",
    "tariff": "Tarifs",
    "dossier_policy": "Dossier annuel de l'enfant",
    "required_documents": "Pièces à fournir",
    "invoicing": "Factures",
    "payment_routes": "Moyens de paiement",
    "direct_debit": "Prélèvement automatique",
    "treasury_exports": "Fichiers pour la trésorerie",
    "wording": "Courriels",
}
"""What each question is about; one that has no title yet is printed under its name."""

NOTHING = "Rien n'est demandé ni proposé."


def explain(commune: Commune, on: date) -> Document:
    """The whole règlement as it holds on a day, for the school year of that day, with the deadlines that follow it."""
    reading = _Reading(commune, on)
    introduction = (
        f"Ce que le portail famille applique au {say_date(on)}, pour l'année scolaire {reading.year.label}.",
        "Chaque réponse dit qui l'a donnée : la commune, avec la ligne de son fichier, ou le portail, par défaut.",
    )
    sections = tuple(reading.section(question) for question in QUESTIONS.values())
    return Document(f"Règlement de {commune.identity.name}", Sentences(introduction), sections)


class _Reading:
    """One commune being read, on one day."""

    def __init__(self, commune: Commune, on: date) -> None:
        self.year = SchoolYear.of(on)
        self._commune, self._on = commune, on

    def section(self, question: Question) -> Section:
        """A question: its answer, or one section for each different answer."""
        title = TITLES.get(question.name, f"Question « {question.name} »")
        if question.name == "catalogue":
            return self._activities(title)
        answers: dict[tuple[Paragraph, ...], list[str]] = {}
        for situation in situations(self._commune, question, self.year):
            answers.setdefault(self._paragraphs(question, situation), []).append(_label(situation))
        if not answers:
            return Section(title, (Sentences((f"Aucune activité n'est décidée pour {self.year.label}.",)),))
        if len(answers) == 1:
            (paragraphs,) = answers
            return Section(title, paragraphs)
        return Section(
            title, (), tuple(Section(say_list(labels), paragraphs) for paragraphs, labels in answers.items())
        )

    def _activities(self, title: str) -> Section:
        """The catalogue, an activity after the other, then the places."""
        catalogue: Catalogue = self._commune.ask(hookspecs.catalogue, year=self.year)
        source = self._source(hookspecs.catalogue, {"year": self.year})
        if not catalogue.activities:
            return Section(title, (Sentences((catalogue.say(),)), source))
        sections = [
            Section(activity.label, (Sentences(tuple(activity.say().splitlines())),))
            for activity in catalogue.activities
        ]
        if catalogue.pools:
            sections.append(Section("Places", (Sentences(tuple(f"{pool.say()}." for pool in catalogue.pools)),)))
        return Section(title, (source,), tuple(sections))

    def _paragraphs(self, question: Question, situation: Mapping[str, Any]) -> tuple[Paragraph, ...]:
        spec = getattr(hookspecs, question.name)
        if question.gathers:
            answers = self._commune.gather(spec, **situation)
        else:
            answers = (self._commune.ask(spec, **situation),)
        said = chain.from_iterable(self._say(answer).splitlines() for answer in answers)
        lines = tuple(line for line in said if line.strip()) or (NOTHING,)
        if question.name != "wording":  # a mail is printed as it is sent
            lines = tuple(say_sentence(line) for line in lines)
        words = () if question.name == "tariff" else (Sentences(lines),)
        return (*words, *self._details(question, situation), self._source(spec, situation))

    def _say(self, answer: Any) -> str:
        """What an answer says, a line for each thing said."""
        said: str = say_calendar(answer, self.year) if isinstance(answer, SchoolCalendar) else answer.say()
        return said

    def _details(self, question: Question, situation: Mapping[str, Any]) -> tuple[Paragraph, ...]:
        """What the words of a rule do not show: its next dates, its prices worked out."""
        match question.name:
            case "calendar":
                return (days_off(self._commune.ask(hookspecs.calendar), self.year),)
            case "booking_rules":
                return Upcoming(self._commune, situation["activity"].code, self._on).paragraphs()
            case "tariff":
                return WorkedPrices(self._commune, situation["activity"], self.year, self._on).paragraphs()
        return ()

    def _source(self, spec: Any, situation: Mapping[str, Any]) -> Source:
        speakers = self._commune.who_answers(spec, **situation) or (DEFAULTS,)
        named = (
            "le portail, par défaut" if speaker == DEFAULTS else f"la commune, {self._commune.source(spec)}"
            for speaker in speakers
        )
        return Source(f"Réponse donnée par : {say_list(named)}.")


def _label(situation: Mapping[str, Any]) -> str:
    """What an answer is about, as a title; the school year is the same everywhere and is not repeated."""
    return ", ".join(_labels(situation))


def _labels(situation: Mapping[str, Any]) -> Iterator[str]:
    for value in situation.values():
        if isinstance(value, Service):
            yield f"{value.label[:1].upper()}{value.label[1:]}"
        elif isinstance(value, Activity):
            yield value.label
        elif isinstance(value, Message):
            yield value.say()
