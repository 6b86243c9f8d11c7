"""What happens: the look, the agenda, the ledger."""
