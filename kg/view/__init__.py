"""The interactive page, the tables and the printable report of a knowledge base."""
