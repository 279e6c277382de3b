"""What an implementation must look like: refused at start-up otherwise, with the file, the value and the remedy."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import GenericAlias, MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from plugins import hookspecs
from plugins.blame import location

_ORDER_CHANGERS = ("wrapper", "hookwrapper", "tryfirst", "trylast", "specname", "optionalhook")


class PluginError(Exception):
    """A commune cannot start, or answered nonsense: the sentence names the file, the value and what to do."""


@dataclass(frozen=True, slots=True)
class Question:
    """A hook as its specification declares it; ``answer`` is the type of one answer, silence excluded."""

    name: str
    arguments: Mapping[str, Any]
    answer: Any
    gathers: bool

    @classmethod
    def of(cls, spec: Callable[..., Any]) -> "Question":
        """Read a specification: ``-> Answer | None`` is asked, ``-> tuple[Answer, ...]`` is gathered."""
        hints = get_type_hints(spec)
        returned = hints.pop("return")
        return cls(spec.__name__, MappingProxyType(hints), get_args(returned)[0], get_origin(returned) is tuple)

    @property
    def returns(self) -> tuple[Any, ...]:
        """The annotations an implementation may return."""
        return (GenericAlias(tuple, (self.answer, ...)),) if self.gathers else (self.answer, self.answer | None)

    def accepts(self, answer: object) -> bool:
        """True when the answer has the type that the specification promises."""
        if self.gathers:
            return isinstance(answer, tuple) and all(isinstance(item, self.answer) for item in answer)
        return isinstance(answer, self.answer)

    def say(self) -> str:
        """The definition to write: ``def tariff(activity: Activity, year: SchoolYear) -> Tariff``."""
        arguments = ", ".join(f"{name}: {kind.__name__}" for name, kind in self.arguments.items())
        answer = f"tuple[{self.answer.__name__}, ...]" if self.gathers else self.answer.__name__
        return f"def {self.name}({arguments}) -> {answer}"


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        name: Question.of(spec)
        for name, spec in vars(hookspecs).items()
        if hasattr(spec, f"{hookspecs.PROJECT}_spec") and inspect.isfunction(spec)
    }
)
"""Every question, by name, in the order of ``plugins.hookspecs``."""


def source_of(function: Callable[..., Any]) -> str:
    """Where a function is written: « plugins/melle/prices.py:12 »."""
    code = inspect.unwrap(function).__code__
    return location(code.co_filename, code.co_firstlineno)


def check_signatures(plugin: object) -> None:
    """Refuse a plugin whose answers are not written as the questions are: one sentence a line, one for each answer."""
    refused = []
    for name, function, options in _answers(plugin):
        try:
            _refuse_answer(name, function, options)
        except PluginError as error:
            refused.append(str(error))
    if refused:
        raise PluginError("\n".join(refused))


def _refuse_answer(name: str, function: Callable[..., Any], options: Mapping[str, Any] | None) -> None:
    question = QUESTIONS.get(name)
    if question is None:
        close = get_close_matches(name, QUESTIONS, n=1)
        remedy = f"did you mean {close[0]!r}?" if close else f"the questions are {', '.join(QUESTIONS)}."
        raise PluginError(f"{source_of(function)}: {name!r} is no question; {remedy}")
    where = f"{source_of(function)}: {name!r}"
    if options is None:
        raise PluginError(f"{where} answers nothing: write @hookimpl above it, or give it another name.")
    _refuse_options(where, options)
    _refuse_signature(where, question, function)


def _answers(plugin: object) -> Iterator[tuple[str, Callable[..., Any], Mapping[str, Any] | None]]:
    """Each function marked as an answer, and each that only has the name of a question."""
    for name in dir(plugin):
        function = getattr(plugin, name)
        if not inspect.isroutine(function) or hasattr(function, f"{hookspecs.PROJECT}_spec"):
            continue
        options = getattr(function, f"{hookspecs.PROJECT}_impl", None)
        if options is not None or name in QUESTIONS:
            yield name, function, options


def _refuse_options(where: str, options: Mapping[str, Any]) -> None:
    used = [option for option in _ORDER_CHANGERS if options.get(option)]
    if used:
        raise PluginError(f"{where} uses {', '.join(used)}: write @hookimpl alone, the commune always answers first.")


def _refuse_signature(where: str, question: Question, function: Callable[..., Any]) -> None:
    expected = f"write « {question.say()} », without the arguments you do not need."
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise PluginError(f"{where} is async: answers never wait; {expected}")
    try:
        hints = get_type_hints(function)
    except NameError as unknown:
        raise PluginError(f"{where} has an annotation that cannot be read ({unknown}); {expected}") from unknown
    for parameter in inspect.signature(function).parameters.values():
        kind = question.arguments.get(parameter.name)
        if kind is None or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            raise PluginError(f"{where} takes {str(parameter)!r}, which the question does not give; {expected}")
        if parameter.default is not parameter.empty or hints.get(parameter.name) != kind:
            raise PluginError(f"{where} declares {str(parameter)!r}; {expected}")
    if hints.get("return") not in question.returns:
        raise PluginError(f"{where} does not say what it returns, or says something else; {expected}")
