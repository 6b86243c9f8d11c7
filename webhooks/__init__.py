"""What comes in: deliveries verified and read, values or exceptions out."""
