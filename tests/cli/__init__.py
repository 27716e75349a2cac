"""The commands, through the door that people use."""
