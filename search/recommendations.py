"""Products like a product: its nearest neighbours by the vectors that search uses."""

from django.db import connection

from search.versions import active_version
from shop.catalog.models import Product


def similar_products(product_id: int, *, limit: int = 8) -> list[int]:
    """Ids of the nearest active products, in stock first; without a vector, the most popular of its category."""
    version = active_version()
    ids: list[int] = []
    if version is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH mine AS MATERIALIZED (SELECT vector FROM search_productembedding "
                "WHERE product_id = %(product)s AND version_id = %(version)s), near AS MATERIALIZED ("
                "SELECT e.product_id FROM search_productembedding e WHERE e.version_id = "
                f"{int(version.pk)} AND EXISTS (SELECT FROM mine) "
                "ORDER BY e.vector <#> (SELECT vector FROM mine) LIMIT %(near)s) "
                "SELECT p.id FROM (SELECT product_id, row_number() OVER () AS place FROM near) AS n "
                "JOIN catalog_product p ON p.id = n.product_id WHERE p.is_active AND p.id <> %(product)s "
                "ORDER BY (p.stock > 0) DESC, n.place LIMIT %(limit)s",
                {"product": product_id, "version": version.pk, "near": limit * 3, "limit": limit},
            )
            ids = [row[0] for row in cursor.fetchall()]
    if ids:
        return ids
    same = Product.objects.filter(is_active=True, category__products=product_id).exclude(pk=product_id)
    return list(same.order_by("-popularity", "id").values_list("id", flat=True)[:limit])
