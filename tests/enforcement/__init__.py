"""What happens: the agenda on its file, the ledger, the clock."""
