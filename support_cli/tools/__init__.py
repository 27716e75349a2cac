"""The tools the agent is given; no framework."""
