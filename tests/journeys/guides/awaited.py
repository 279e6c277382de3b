"""« À venir »: the sentences that no step replays yet, each with the function it waits for. This list only shrinks."""

AWAITED: dict[str, str] = {}
