"""The plain page at `/`: for a person who wants to see the tickets, act as anyone on the desk and watch deliveries."""
