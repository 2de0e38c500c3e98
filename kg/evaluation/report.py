"""Reports: an evaluation as a table for people or as JSON, and its errors as lines."""

from collections.abc import Iterable, Mapping

from kg.evaluation.error import Error
from kg.evaluation.score import ATTRIBUTES, BINS, Evaluation


def report_as_json(evaluation: Evaluation) -> dict[str, object]:
    """The figures of an evaluation as plain values, in a fixed order."""
    return {
        "documents": evaluation.documents,
        "scores": [
            {
                "what": what,
                "which": which,
                "gold": count.gold,
                "precision": round(count.precision, 4),
                "recall": round(count.recall, 4),
                "f1": round(count.f1, 4),
            }
            for (what, which), count in evaluation.counts.items()
        ],
        "attributes": {
            "matched": evaluation.matched,
            **{name: round(share, 4) for name, share in _shares(evaluation).items()},
        },
        "reliability": [
            {
                "what": what,
                "from": place / BINS,
                "to": (place + 1) / BINS,
                "count": item.count,
                "confidence": round(item.confidence / item.count, 4),
                "right": round(item.right / item.count, 4),
            }
            for (what, place), item in sorted(evaluation.bins.items())
        ],
    }


def format_report(evaluation: Evaluation) -> str:
    """The figures of an evaluation as a table, with the reliability of confidence below."""
    lines = [f"{'':26}{'gold':>6} {'P':>6} {'R':>6} {'F1':>6}"]
    for (what, which), count in evaluation.counts.items():
        figures = f"{count.precision:6.3f} {count.recall:6.3f} {count.f1:6.3f}"
        lines.append(f"{what:10}{which:16}{count.gold:6} {figures}")
    if evaluation.matched:
        shares = "  ".join(f"{name} {share:.3f}" for name, share in _shares(evaluation).items())
        lines.append(f"measure attributes of {evaluation.matched} matched: {shares}")
    lines.append(f"{'confidence':26}{'count':>6} {'mean':>6} {'right':>6}")
    for (what, place), item in sorted(evaluation.bins.items()):
        span = f"{place / BINS:.1f}-{(place + 1) / BINS:.1f}"
        mean, right = item.confidence / item.count, item.right / item.count
        lines.append(f"{what:12}{span:14}{item.count:6} {mean:6.3f} {right:6.3f}")
    return "\n".join(lines)


def format_ablation(evaluations: Mapping[str, Evaluation]) -> str:
    """One line a variant: F1 of mentions by type and in all, of entities and of relations."""
    columns = [("mention", kind) for kind in ("Project", "Enterprise", "Park", "Industry", "all")]
    columns += [("entity", "all"), ("relation", "all")]
    head = f"{'F1':22}" + "".join(f"{which if what == 'mention' else what:>12}" for what, which in columns)
    lines = [head]
    for name, evaluation in evaluations.items():
        lines.append(f"{name:22}" + "".join(f"{evaluation.counts[column].f1:12.3f}" for column in columns))
    return "\n".join(lines)


def format_errors(errors: Iterable[Error]) -> Iterable[str]:
    """One tab-separated line an error."""
    for error in errors:
        confidence = "" if error.confidence is None else f"{error.confidence:.2f}"
        yield "\t".join(
            (error.what, error.which, error.verdict, confidence, error.item, error.sentence, error.document)
        )


def _shares(evaluation: Evaluation) -> dict[str, float]:
    if not evaluation.matched:
        return {}
    return {name: evaluation.attributes[name] / evaluation.matched for name in ATTRIBUTES}
