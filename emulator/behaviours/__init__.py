"""What Zendesk does beyond storing: its rules, triggers, limits, deliveries and failures."""
