"""Catalogue import: files in Google's product data specification, or Shopify's product export, become products.

`files` opens a file and gives its rows, `values` reads single cells, `google` and `shopify` turn rows into entries,
and none of them touches the database. `upsert` compares entries with the catalogue and writes what differs; `pictures`
keeps the pictures of a feed that are files of this machine.
"""
