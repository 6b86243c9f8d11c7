"""What is right: tickets as values, the rules, the judge and the plan. No I/O and no clock."""
