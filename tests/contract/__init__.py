"""One contract, held by every store."""
