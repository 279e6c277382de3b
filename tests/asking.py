"""Operations of GraphQL asked by who is signed in, inside the process: each must go without any error."""

from typing import Any

from schema.portal import schema
from tests.towns import Signed, Town


async def data_of(town: Town, signed: Signed, text: str, **variables: Any) -> Any:
    """The data of an operation."""
    with town.asked_by(signed) as ctx:
        result = await schema.execute(text, variables, context_value=ctx)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


async def asked(town: Town, signed: Signed, text: str, **variables: Any) -> Any:
    """The only root field of an operation."""
    (answer,) = (await data_of(town, signed, text, **variables)).values()
    return answer
