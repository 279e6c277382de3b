"""The files that a commune's agents take to the treasury: the portal's own, and those of plugins."""

from plugins import hookspecs
from plugins.rules.treasury import TreasuryExport
from resolvers.context import AgentRight, Context


def exports_of(ctx: Context) -> tuple[TreasuryExport, ...]:
    """Every file that the viewer may ask for: none unless it is an agent of billing."""
    return ctx.commune.gather(hookspecs.treasury_exports) if ctx.viewer.has(AgentRight.BILLING) else ()


def export_called(ctx: Context, code: str) -> TreasuryExport | None:
    """The file of that code; None for who may not, and where there is none."""
    return next((export for export in exports_of(ctx) if export.code == code), None)
