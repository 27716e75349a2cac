"""What is set from outside: where it comes from, and whether it counts."""
