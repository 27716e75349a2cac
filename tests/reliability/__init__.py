"""Killed anywhere, answered by many: nothing lost, nothing twice."""
