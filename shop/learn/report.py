"""What came of learning, as small tables for a terminal."""

from collections.abc import Iterator

from search.comparison import Comparison
from search.gate import decides, has_lost
from search.metrics import Interval
from shop.learn.measuring import Measured


def measured_lines(found: Measured) -> Iterator[str]:
    """A row for each system, a column for each group of queries."""
    yield "nDCG@10; difference to before [95 % interval over queries]"
    yield f"{'':18}" + "".join(f"{f'{name} ({count})':>32}" for name, count in found.queries.items())
    for system, means in found.means.items():
        differences = found.differences.get(system)
        cells = (
            f"{mean.mean:.3f} {difference(differences[name])}" if differences else f"{mean.mean:.3f}"
            for name, mean in means.items()
        )
        yield f"{system:18}" + "".join(f"{cell:>32}" for cell in cells)


def slice_lines(comparison: Comparison) -> Iterator[str]:
    """A row for each slice of the gate that has queries."""
    yield f"{'':18}{'queries':>8}{'active':>9}{'challenger':>12}{'difference':>26}"
    for found in comparison.slices:
        if found.queries:
            note = "  lost" if has_lost(found) else "" if decides(found) else "  too few to decide"
            yield (
                f"{found.name:18}{found.queries:>8}{found.active.mean:>9.3f}{found.challenger.mean:>12.3f}"
                f"{difference(found.difference):>26}{note}"
            )


def difference(interval: Interval) -> str:
    return f"{interval.mean:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"
