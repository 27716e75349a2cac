"""The only code that knows the expression language."""
