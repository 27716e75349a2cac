"""The tools that come with the desk."""
