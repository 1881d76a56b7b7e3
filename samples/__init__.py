"""Sample articles and a sample web: what the demo reads and fetches."""
