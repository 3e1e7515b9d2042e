"""Products like a product: its nearest neighbours by the vectors that search uses."""

from django.db import connection

from search.item_groups import first_of_groups
from search.versions import active_version
from shop.catalog.models import Product

SPARE = 4  # neighbours looked at for each one shown: those in stock come first

_NEAREST = """
WITH mine AS MATERIALIZED (
  SELECT e.vector, p.item_group FROM search_productembedding e JOIN catalog_product p ON p.id = e.product_id
  WHERE e.product_id = %(product)s AND e.version_id = {version}),
near AS MATERIALIZED (
  SELECT p.id, p.stock, p.item_group, e.vector <#> (SELECT vector FROM mine) AS distance
  FROM search_productembedding e JOIN catalog_product p ON p.id = e.product_id
  WHERE e.version_id = {version} AND EXISTS (SELECT FROM mine) AND p.is_active AND p.id <> %(product)s
  AND (p.item_group = '' OR p.item_group <> (SELECT item_group FROM mine))
  ORDER BY e.vector <#> (SELECT vector FROM mine) LIMIT %(near)s)
SELECT id FROM (
  SELECT *, row_number() OVER (
    PARTITION BY item_group, CASE WHEN item_group = '' THEN id END ORDER BY stock > 0 DESC, distance, id) AS nth
  FROM near) AS of_groups
WHERE nth = 1 ORDER BY stock > 0 DESC, distance, id LIMIT %(limit)s
"""


def similar_products(product_id: int, *, limit: int = 8) -> list[int]:
    """Ids of the nearest active products, in stock first; without a vector, the most popular of its category. One of
    each group of variants, none of its own.

    One or two SQL queries. The version is written into the statement, because the HNSW index is partial.
    """
    version = active_version()
    ids: list[int] = []
    if version is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                _NEAREST.format(version=int(version.pk)),
                {"product": product_id, "near": limit * SPARE, "limit": limit},
            )
            ids = [row[0] for row in cursor.fetchall()]
    if ids:
        return ids
    same = Product.objects.filter(is_active=True, category__products=product_id).exclude(pk=product_id)
    own = Product.objects.filter(pk=product_id).exclude(item_group="").values("item_group")
    most_popular = same.exclude(item_group__in=own).order_by("-popularity", "id").values_list("id", "item_group")
    return first_of_groups(most_popular[: limit * SPARE])[:limit]
