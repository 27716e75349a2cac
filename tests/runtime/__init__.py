"""Supervised commands, and functions that may never come back."""
