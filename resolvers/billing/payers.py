"""Who pays for a household."""

from uuid import UUID

from resolvers.context import AccountKind, AgentRight, Context


def pays_for(ctx: Context, household_id: UUID) -> bool:
    """True for who pays for a household, once nothing is left to do first; for agents of billing."""
    if ctx.viewer.kind is not AccountKind.FAMILY:
        return ctx.viewer.has(AgentRight.BILLING)
    rights = ctx.viewer.households.get(household_id)
    return rights is not None and rights.pays and not ctx.viewer.steps
