"""The knowledge base as a network: projections, anchors, chains, series over years."""

from kg.network.anchor import ROLE_WEIGHTS, Anchor, Industry, rank_anchors
from kg.network.projection import project_network
from kg.network.series import Point, Series, compare_years

__all__ = [
    "ROLE_WEIGHTS",
    "Anchor",
    "Industry",
    "Point",
    "Series",
    "compare_years",
    "project_network",
    "rank_anchors",
]
