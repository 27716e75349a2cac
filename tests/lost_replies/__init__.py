"""What holds when the connection to the database breaks at any request."""
