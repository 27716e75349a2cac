"""Chaos: everybody is killed at random for a while, and then nothing may be lost or done twice."""
