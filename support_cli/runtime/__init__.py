"""What runs beside the use cases: threads, processes, supervised commands."""
