"""The review page: a local web page on which a person decides one proposal at a time."""
