"""The figures of a benchmark as a table for people."""

from typing import Any

from search.benchmark.peers import Floor, LanceHybrid


def as_text(measured: dict[str, Any]) -> str:
    """For people; ratios below 1 are faster."""
    one, many = measured["http_one_client"], measured["http_many_clients"]
    lines = [
        f"{measured['products']} products, {measured['queries']} queries, {measured['cores']} cores; cold query cache",
        "",
        f"{'':34}{'median ms':>10}{'p95 ms':>10}",
        _row("search over HTTP, one client", one),
        *(_row(f"  {name}", lap) for name, lap in one["stages"].items()),
        _row(f"search over HTTP, {many['clients']} clients", many),
        _row("  while a version is embedded", measured["http_while_embedding"]),
        _row("suggestions over HTTP, cold", measured["suggestions"]),
        _row("edit saved until found", measured["edit_to_searchable"]),
        "",
        f"{'in one process, text to ids':34}{'median ms':>10}{'p95 ms':>10}{'to floor':>10}{'to peer':>10}",
        *(
            f"{_row(name, lap)}{lap['ratio_to_floor']:>10.2f}{lap['ratio_to_peer']:>10.2f}"
            for name, lap in measured["in_process"].items()
        ),
        f"  pocketshop counts totals and facets too; floor: {Floor.name}; peer: {LanceHybrid.name}",
        "",
        f"requests/s with {many['clients']} clients: {many['requests_per_s']:.0f}",
        f"memory of the web process: {measured['web_memory_mb']:.0f} MB",
        f"embedding: {measured['embedding_products_per_s']:.0f} products/s",
    ]
    return "\n".join(lines)


def _row(name: str, lap: dict[str, Any]) -> str:
    return f"{name:34}{lap['median_ms']:>10.2f}{lap['p95_ms']:>10.2f}"
