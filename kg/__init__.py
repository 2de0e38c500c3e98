"""Lianzhu 链主: hand-checked knowledge graphs from Chinese local-government documents."""

__version__ = "0.1.0"
