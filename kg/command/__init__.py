"""The commands of `kg`, thin: parse, call the pipeline, print."""
