"""The README, held against the product."""
