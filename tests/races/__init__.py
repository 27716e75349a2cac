"""What holds when many processes want the same at the same moment."""
