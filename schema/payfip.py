"""The régies of the commune at PayFiP, for the agents who open them."""

from datetime import datetime

import strawberry

from resolvers.context import Context
from resolvers.paying import payfip_regies
from schema.cost import LIST_SIZE
from schema.money_enums import PayfipActivationState, PayfipMode, PayfipStanding
from schema.payloads import Payload


@strawberry.type(description="A payment of one euro that opens a régie in production; nobody is debited.")
class PayfipActivation:
    """See ``resolvers.paying.payfip_regies.Activation``."""

    started_at: datetime = strawberry.field(description="When it was opened.")
    state: PayfipActivationState = strawberry.field(description="What became of it.")
    sentence: str = strawberry.field(description="What that means, in French.")
    redirect_url: str | None = strawberry.field(description="The bank's page, while it is awaited.")

    @classmethod
    def of(cls, found: payfip_regies.Activation) -> "PayfipActivation":
        """The activation as clients see it."""
        waits = found.state is payfip_regies.ActivationState.WAITING
        return cls(
            started_at=found.started_at,
            state=PayfipActivationState[found.state.name],
            sentence=found.state.say(),
            redirect_url=found.page if waits else None,
        )


@strawberry.type(description="A régie as PayFiP knows it.")
class PayfipRegie:
    """See ``resolvers.paying.payfip_regies.Regie``."""

    route: str = strawberry.field(description="The code of its `PaymentRoute`.")
    client_number: str = strawberry.field(description="Its six digits at PayFiP.")
    mode: PayfipMode = strawberry.field(description="How families' payments are sent.")
    standing: PayfipStanding = strawberry.field(description="Whether PayFiP serves it, asked now.")
    labels: list[str] = strawberry.field(description="The lines of its name there.")
    sentence: str = strawberry.field(description="What PayFiP says of it, in French.")
    activations: list[PayfipActivation] = strawberry.field(
        description="The ten latest activation payments, newest first.", metadata={LIST_SIZE: 10}
    )


async def regies(ctx: Context) -> list[PayfipRegie]:
    """Each régie of the commune."""
    return [
        PayfipRegie(
            route=found.route.code,
            client_number=found.route.client_number,
            mode=PayfipMode(found.route.mode),
            standing=PayfipStanding[found.standing.name],
            labels=list(found.labels),
            sentence=found.sentence,
            activations=[PayfipActivation.of(each) for each in found.activations],
        )
        for found in await payfip_regies.regies(ctx)
    ]


@strawberry.input(description="Input of `payfipActivationStart`.")
class PayfipActivationStartInput:
    """A régie to activate, by card or by direct debit: whoever pays chooses on the bank's page."""

    route: str = strawberry.field(description="The code of its `PaymentRoute`.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gets the same answer, once done.", default=None
    )


@strawberry.type(description="Answer of `payfipActivationStart`.")
class PayfipActivationStartPayload(Payload):
    """It is open at the bank, for fifteen minutes."""

    activation: PayfipActivation | None = strawberry.field(
        description="Where to make the payment; null when refused.", default=None
    )


async def start_activation(ctx: Context, input: PayfipActivationStartInput) -> PayfipActivationStartPayload:
    """Open an activation payment."""
    started = await payfip_regies.start_activation(ctx, input.route, input.idempotency_key)
    return PayfipActivationStartPayload(activation=PayfipActivation.of(started))
