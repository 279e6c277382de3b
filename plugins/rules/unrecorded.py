"""What a tariff depends on and no screen of the portal records yet: nobody is priced by it, and its author must know.

``Situation`` keeps the default of these facts, so that a price never guesses them.
"""

from collections.abc import Iterator

from plugins.rules.conditions import Case, OneOf
from plugins.rules.incomes import ByIncome
from plugins.rules.parts import parts_of
from plugins.rules.psu import Psu
from plugins.rules.tariffs import Tariff
from plugins.rules.waiting_lists import WaitingListPolicy

UNRECORDED = frozenset({"regular", "regime", "level", "tranche"})


def unrecorded(tariff: Tariff) -> tuple[str, ...]:
    """For each price, modifier, aggregate, package and extra concerned, the words « X depends on Y »."""
    rules = (
        *((f"the price of {code!r}", base) for code, base in tariff.prices.items()),
        *((f"the modifier « {modifier.label} »", modifier) for modifier in tariff.modifiers),
        *((f"the aggregate « {aggregate.label} »", aggregate) for aggregate in tariff.aggregates),
    )
    facts = [(what, dict.fromkeys(_facts(rule))) for what, rule in rules]
    return (
        *(f"{what} depends on {', '.join(found)}" for what, found in facts if found),
        *(f"the package « {plan.label} » depends on who subscribed to it" for plan in tariff.plans.values()),
        *(f"the extra « {tariff.name_of(code)} » depends on when it is due" for code in tariff.extras),
    )


def unrecorded_priorities(policy: WaitingListPolicy) -> tuple[str, ...]:
    """The same for the priorities of a waiting list: nobody earns the points of those it names."""
    facts = [(priority.label, dict.fromkeys(_facts(priority.when))) for priority in policy.priorities]
    return tuple(f"the priority « {label} » depends on {', '.join(found)}" for label, found in facts if found)


def _facts(rule: object) -> Iterator[str]:
    for part in parts_of(rule):
        match part:
            case OneOf() if part.fact in UNRECORDED:
                yield f"« {part.say()} »"
            case Case():
                yield f"« {part.say()} »"
            case ByIncome() | Psu():
                yield "the resources of the household"
