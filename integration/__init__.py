"""Zendesk: the gateway port, its adapter and its in-memory twin. The only place that knows the API."""
