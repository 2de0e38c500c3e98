"""The SPARQL endpoint: protocol, limits, query page, entities; queries run in processes of their own."""
