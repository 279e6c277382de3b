"""The public language: what one may ask, in GraphQL. Thin: no rule and no query lives here."""
