"""Reading of pages, answered and measured."""
