"""What happens: one function per thing a family or an agent can do. No GraphQL, no HTTP."""
