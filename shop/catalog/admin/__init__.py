"""The catalogue in the admin: products with their pictures and the state of their index rows, categories as a tree."""

from shop.catalog.admin.categories import CategoryAdmin
from shop.catalog.admin.products import ProductAdmin

__all__ = ["CategoryAdmin", "ProductAdmin"]
