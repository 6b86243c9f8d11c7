"""What comes in: deliveries, real signatures, saved bodies."""
