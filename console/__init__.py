"""What people see: reports and tables."""
