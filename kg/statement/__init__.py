"""Verdicts → statements: names become entities, accepted claims become facts with identity."""

from kg.statement.assemble import Reading, assemble_statements
from kg.statement.identity import entity_key

__all__ = ["Reading", "assemble_statements", "entity_key"]
