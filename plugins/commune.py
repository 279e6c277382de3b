"""One commune: its own answers first, the portal's behind, and no other commune in the room."""

from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

from pluggy import PluginManager

from plugins import hookspecs
from plugins.blame import say_error
from plugins.defaults import Defaults
from plugins.rules.errors import RuleError
from plugins.rules.identity import Identity
from plugins.signatures import QUESTIONS, PluginError, check_signatures, source_of

DEFAULTS = "defaults"
TRIAL = "trial"
MEMORY = 2048  # answers are pure: each commune remembers this many, several school years of every activity

P = ParamSpec("P")
T = TypeVar("T")


class Commune:
    """The rules of one commune. Raises :class:`PluginError` at once when its plugin cannot answer."""

    def __init__(self, slug: str, plugin: object, trial: object = None) -> None:
        """``plugin`` answers for the commune. ``trial``, when given, answers before it: see :meth:`trying`."""
        check_signatures(plugin)
        tried = _answers_of(trial)
        self.slug = slug
        self.identity = _identity_of(slug, trial if "identity" in tried else plugin)
        self._plugin = plugin
        self._manager = PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._manager.register(Defaults(self.identity), DEFAULTS)
        own = {name: answer for name, answer in _answers_of(plugin).items() if name not in tried or _is_asked(name)}
        for name, answers in ((slug, own), (TRIAL, tried)):  # pluggy asks the last registered first
            self._manager.register(SimpleNamespace(**answers), name)
        self._remembered: Callable[..., Any] = lru_cache(maxsize=MEMORY)(self._answer)

    @property
    def tz(self) -> ZoneInfo:
        """The time zone every deadline of the commune is counted in."""
        return self.identity.tz

    def ask(self, question: Callable[P, T | None], *args: P.args, **kwargs: P.kwargs) -> T:
        """The commune's answer, or else the portal's; arguments are given by name.

        Raises :class:`PluginError` when nobody answers, or with something that is not what the question promises.
        """
        _refuse_positional(question, args)
        answer = self._remembered(question.__name__, **kwargs)
        if answer is None:
            raise PluginError(f"{self.slug} does not answer {question.__name__!r}: write « {_definition(question)} ».")
        return cast(T, answer)

    def gather(self, question: Callable[P, tuple[T, ...]], *args: P.args, **kwargs: P.kwargs) -> tuple[T, ...]:
        """Everybody's answers in one tuple, the portal's first; arguments are given by name."""
        _refuse_positional(question, args)
        answers = self._remembered(question.__name__, **kwargs)
        return tuple(item for answer in reversed(answers) for item in answer)

    def who_answers(self, question: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> tuple[str, ...]:
        """Who gives the answer: the commune's slug or « defaults »; several names for a question that gathers."""
        _refuse_positional(question, args)
        asked = QUESTIONS[question.__name__]
        speakers = [
            implementation.plugin_name
            for implementation in reversed(self._hook(asked.name).get_hookimpls())
            if implementation.function(**{name: kwargs[name] for name in implementation.argnames}) not in (None, ())
        ]
        return tuple(reversed(speakers)) if asked.gathers else tuple(speakers[:1])

    def trying(self, rules: object) -> "Commune":
        """The same commune with other rules in front of its own, to see what they would change.

        What ``rules`` answers holds, and also replaces what the commune itself gathers; the rest stays as it is.
        Raises :class:`PluginError` when they answer nothing, or not as the questions are asked.
        """
        check_signatures(rules)
        if not _answers_of(rules):
            raise PluginError(
                "These rules answer no question: write @hookimpl above a function named like its question."
            )
        return Commune(self.slug, self._plugin, rules)

    def source(self, question: Callable[..., object]) -> str:
        """Where the answer is written, for messages: the commune's file when it has an opinion."""
        return self._source(question.__name__)

    def _source(self, name: str) -> str:
        implementations = self._hook(name).get_hookimpls()
        return source_of(implementations[-1].function) if implementations else self.slug

    def _hook(self, name: str) -> Any:
        return getattr(self._manager.hook, name)

    def _answer(self, name: str, **kwargs: object) -> Any:
        question, hook = QUESTIONS[name], self._hook(name)
        try:
            answer = hook(**kwargs)
        except RuleError as error:
            raise PluginError(f"{self._source(name)}: {name!r}: {error}") from error
        except LookupError as error:
            raise PluginError(
                f"{self._source(name)}: {name!r} has nothing for {error}: write an entry for it."
            ) from error
        except Exception as error:
            raise PluginError(f"{self._source(name)}: {name!r} fails: {say_error(error)}") from error
        for given in answer if question.gathers else [answer]:
            if given is not None and not question.accepts(given):
                raise PluginError(f"{self._source(name)}: {name!r} answered {given!r:.80}; write « {question.say()} ».")
        return answer


def _answers_of(plugin: object) -> dict[str, Callable[..., Any]]:
    """The answers of a plugin, by question."""
    named: dict[str, Any] = {name: getattr(plugin, name, None) for name in QUESTIONS}
    return {name: answer for name, answer in named.items() if hasattr(answer, f"{hookspecs.PROJECT}_impl")}


def _is_asked(name: str) -> bool:
    return not QUESTIONS[name].gathers


def _identity_of(slug: str, plugin: object) -> Identity:
    """Asked before anybody is registered: the portal's own answers depend on it."""
    implementation = getattr(plugin, "identity", None)
    if not callable(implementation):
        raise PluginError(f"{slug} does not answer 'identity': write « {QUESTIONS['identity'].say()} ».")
    try:
        who = implementation()
    except RuleError as error:
        raise PluginError(f"{source_of(implementation)}: 'identity': {error}") from error
    except Exception as error:
        raise PluginError(f"{source_of(implementation)}: 'identity' fails: {say_error(error)}") from error
    if not isinstance(who, Identity) or who.slug != slug:
        raise PluginError(f"{source_of(implementation)}: 'identity' answered {who!r:.80}; its slug must be {slug!r}.")
    return who


def _definition(question: Callable[..., object]) -> str:
    return QUESTIONS[question.__name__].say()


def _refuse_positional(question: Callable[..., object], args: tuple[object, ...]) -> None:
    if args:
        raise TypeError(f"{question.__name__!r}: give its arguments by name.")
