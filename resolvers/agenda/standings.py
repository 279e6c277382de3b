"""What is true of a child in an activity, whatever the day: may it book, and if not, why and what to do."""

from plugins import hookspecs
from plugins.rules.features import Feature
from plugins.rules.french import say_of
from plugins.rules.verdicts import Standing
from resolvers.agenda.facts import Facts
from resolvers.agenda.targets import Target
from resolvers.context import Context
from resolvers.features import feature_at
from resolvers.models.dossiers import DossierState


def standing_of(ctx: Context, facts: Facts, target: Target) -> Standing:
    """The standing of a child in an activity of a school year, with the French reasons of what is missing."""
    child, activity = target.child, target.activity
    return Standing(
        feature=feature_at(ctx, activity, Feature.BOOK),
        enrolled=facts.enrolled.get((child.person_id, activity.code, target.year.start)),
        dossier_reason=_dossier_reason(facts, target),
        not_enrolled_reason=_not_enrolled_reason(ctx, facts, target),
        custody=tuple(facts.custodies.of(facts.household.id, child.person_id)),
        when_full=ctx.commune.ask(hookspecs.waiting_list, activity=activity).say_full(),
    )


def _dossier_reason(facts: Facts, target: Target) -> str | None:
    state = facts.dossiers.get((target.child.person_id, target.year.start))
    if state is DossierState.ACCEPTED or not target.activity.enrolment.requires_dossier:
        return None
    file = f"Le dossier administratif {target.year.label} {say_of(target.child.first_name)}"
    if state is DossierState.SUBMITTED:
        return f"{file} est en cours d'instruction : la réservation sera possible dès qu'il sera validé."
    return f"{file} n'est pas validé : complétez-le et envoyez-le, puis attendez sa validation par le service."


def _not_enrolled_reason(ctx: Context, facts: Facts, target: Target) -> str:
    activity = target.activity
    if (target.child.person_id, activity.code, target.year.start) in facts.asked:
        return (
            f"L'inscription {say_of(target.child.first_name)} à « {activity.label} » est en cours d'instruction : la "
            "réservation sera possible dès qu'elle sera acceptée."
        )
    refused = f"{target.child.first_name} n'est pas inscrit à « {activity.label} » à cette date"
    if activity.enrolment.mode.is_online:
        return f"{refused} : demandez d'abord son inscription à cette activité."
    return f"{refused} : contactez {ctx.commune.identity.service(activity.service).say()}."
