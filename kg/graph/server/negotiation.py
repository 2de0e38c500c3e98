"""Which media type a client prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

ROWS: dict[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
GRAPHS: dict[str, str] = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/x-turtle": "ttl",
    "application/json": "jsonld",
    "text/plain": "nt",
}
MEDIA: dict[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
Range = tuple[str, str, float]


def read_accept(header: str) -> list[Range]:
    """Read `type/subtype;q=…` ranges; what cannot be read counts for nothing."""
    ranges = []
    for part in header.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        main, slash, sub = media.partition("/")
        if slash:
            ranges.append((main, sub, _read_quality(parameters)))
    return ranges


def _read_quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def rank_media(media: str, ranges: Sequence[Range]) -> float:
    """Tell how much a client wants a media type: the quality of the most specific range."""
    main, sub = media.split("/")
    best, quality = -1, 0.0
    for wanted_main, wanted_sub, wanted in ranges:
        if (wanted_main, wanted_sub) == (main, sub):
            rank = 2
        elif wanted_main == main and wanted_sub == "*":
            rank = 1
        elif wanted_main == wanted_sub == "*":
            rank = 0
        else:
            continue
        if rank > best:
            best, quality = rank, wanted
    return quality


def choose_media(accept: str, offers: Sequence[str]) -> str | None:
    """Choose the offer that the client prefers, the first among equals; `None` if it wants none."""
    if not accept.strip():
        return offers[0]
    ranges = read_accept(accept)
    best = max(offers, key=lambda offer: rank_media(offer, ranges))
    return best if rank_media(best, ranges) > 0 else None


def choose_format(accept: str, offers: dict[str, str]) -> str | None:
    """Choose among `ROWS` or `GRAPHS`; the short name of the format."""
    media = choose_media(accept, tuple(offers))
    return offers[media] if media else None
