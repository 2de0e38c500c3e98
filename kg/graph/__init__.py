"""Knowledge base → RDF: vocabulary, triples, shapes, store, SPARQL, export."""
