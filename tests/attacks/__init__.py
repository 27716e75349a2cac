"""Attacks, one test a hole, each named for what it forbids."""
