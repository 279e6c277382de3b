"""How money comes in: payments, mandates, remittances, the desk, refunds."""
