"""The only code that knows Typer and Rich."""
