"""What the environment and the flags say, read once."""
