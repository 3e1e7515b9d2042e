"""`manage.py import_products` as a merchant uses it: a file in, a report out, products in the store."""

import gzip
import io
import json
import signal
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from PIL import Image

from search.index import embed_stale_products, stale_products
from shop.catalog.feeds import google
from shop.catalog.feeds.files import open_feed
from shop.catalog.feeds.upsert import Importer
from shop.catalog.models import Category, Product, ProductImage
from shop.catalog.pictures import store_upload
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


@dataclass
class Feeds:
    """A folder of feeds."""

    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def feeds(tmp_path: Path) -> Feeds:
    return Feeds(tmp_path)


def import_products(path: Path, **options: Any) -> tuple[str, str]:
    """What the command says: the summary, and the lines about rows."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_products", path, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue().strip()


CSV = """\
id,title,description,brand,mpn,gtin,price,sale_price,availability,quantity,product_type,color,date_released
K1,Red kettle,"Boils 1.7 l, quickly",Fen,FK-17,4006381333931,39.90 USD,29.90 USD,in_stock,7,Home > Kitchen > Kettles,red,2026-03-01
L1,Desk lamp,,Lume,,,"19,99",,out of stock,5,Home > Lamps,,
"""  # noqa: E501


def test_a_csv_becomes_products(feeds: Feeds) -> None:
    assert import_products(feeds.write("feed.csv", CSV)) == ("2 added, 0 changed, 0 unchanged, 4 categories made.", "")
    kettle = Product.objects.get(sku="K1")
    assert (kettle.title, kettle.description, kettle.brand) == ("Red kettle", "Boils 1.7 l, quickly", "Fen")
    assert (kettle.mpn, kettle.gtin) == ("FK-17", "4006381333931")
    assert (kettle.price_cents, kettle.sale_price_cents, kettle.stock) == (3990, 2990, 7)
    assert (kettle.attributes, kettle.released_on) == ({"color": "red"}, date(2026, 3, 1))
    assert kettle.product_type == "Home > Kitchen > Kettles"
    lamp = Product.objects.get(sku="L1")
    assert (lamp.price_cents, lamp.sale_price_cents, lamp.stock, lamp.attributes) == (1999, None, 0, {})


def test_paths_become_a_tree_of_categories(feeds: Feeds) -> None:
    make_category("home", "Home")
    import_products(feeds.write("feed.csv", CSV))
    tree = {(c.slug, c.name, c.parent.name if c.parent else None) for c in Category.objects.select_related("parent")}
    assert tree == {
        ("home", "Home", None), ("kitchen", "Kitchen", "Home"), ("kettles", "Kettles", "Kitchen"),
        ("lamps", "Lamps", "Home"),
    }  # fmt: skip
    assert Product.objects.get(sku="K1").category.slug == "kettles"


def test_categories_of_one_name_get_slugs_of_their_own(feeds: Feeds) -> None:
    rows = "id,title,price,product_type\n1,A,1,Men > Shoes\n2,B,1,Women > Shoes\n3,C,1,茶\n4,D,1,men > shoes\n"
    import_products(feeds.write("feed.csv", rows))
    slugs = [product.category.slug for product in Product.objects.order_by("sku")]
    assert slugs == ["shoes", "women-shoes", "category", "shoes"]


def test_importing_twice_changes_nothing(feeds: Feeds) -> None:
    path = feeds.write("feed.csv", CSV)
    import_products(path)
    before = list(Product.objects.values())
    assert import_products(path) == ("0 added, 0 changed, 2 unchanged.", "")
    assert list(Product.objects.values()) == before


def test_a_new_price_does_not_move_updated_at_and_a_new_title_does(feeds: Feeds) -> None:
    import_products(feeds.write("feed.csv", CSV))
    before = dict(Product.objects.values_list("sku", "updated_at"))
    changed = CSV.replace("39.90", "38.90").replace("Desk lamp", "Floor lamp")
    assert import_products(feeds.write("feed.csv", changed))[0] == "0 added, 2 changed, 0 unchanged."
    kettle, lamp = Product.objects.order_by("sku")
    assert (kettle.price_cents, kettle.updated_at) == (3890, before["K1"])
    assert lamp.title == "Floor lamp"
    assert lamp.updated_at > before["L1"]
    assert lamp.created_at < lamp.updated_at


def test_only_what_changed_is_stale(feeds: Feeds) -> None:
    import_products(feeds.write("feed.csv", CSV))
    embed_stale_products()
    import_products(feeds.write("feed.csv", CSV.replace("Desk lamp", "Floor lamp").replace("39.90", "38.90")))
    assert [product.sku for product in stale_products(None)] == ["L1"]


def test_columns_that_the_file_does_not_have_stay(feeds: Feeds) -> None:
    make_product("Red kettle", sku="K1", brand="Fen", stock=3, attributes={"material": "steel", "color": "blue"})
    summary, _ = import_products(feeds.write("feed.csv", "sku,stock,color\nK1,9,red\n"))
    assert summary == "0 added, 1 changed, 0 unchanged."
    kettle = Product.objects.get(sku="K1")
    assert (kettle.title, kettle.brand, kettle.price_cents, kettle.stock) == ("Red kettle", "Fen", 1999, 9)
    assert kettle.attributes == {"material": "steel", "color": "red"}


def test_the_attributes_column_replaces_all_attributes(feeds: Feeds) -> None:
    make_product("Red kettle", sku="K1", attributes={"material": "steel"})
    attributes = {"ram_gb": 16, "ports": ["USB-C", "HDMI"], "new": True, "none": None, "text": " a "}
    import_products(feeds.write("feed.jsonl", json.dumps({"id": "K1", "attributes": attributes})))
    assert Product.objects.get().attributes == {"ram_gb": 16, "ports": ["USB-C", "HDMI"], "new": True, "text": "a"}


def test_an_empty_cell_clears_what_is_there(feeds: Feeds) -> None:
    make_product("Red kettle", sku="K1", brand="Fen", sale_price_cents=999, attributes={"color": "red"})
    import_products(feeds.write("feed.csv", "id,brand,sale_price,color\nK1,,,\n"))
    kettle = Product.objects.get()
    assert (kettle.brand, kettle.sale_price_cents, kettle.attributes) == ("", None, {})


def test_bad_rows_are_reported_with_line_field_and_reason_and_the_rest_goes_in(feeds: Feeds) -> None:
    rows = (
        "id,title,price,sale_price,quantity,availability,attributes\n"
        "A,Kettle,12.99,,1,,\n"
        ",Kettle,12.99,,1,,\n"
        "C,,12.99,,1,,\n"
        "D,Kettle,cheap,,1,,\n"
        "E,Kettle,,,1,,\n"
        "F,Kettle,12.99,13.99,1,,\n"
        "G,Kettle,12.99,,some,,\n"
        "H,Kettle,12.99,,1,perhaps,\n"
        'I,Kettle,12.99,,1,,"{color: red}"\n'
        "J,Kettle,12.99,,1,,,,too many\n"
        "A,Kettle,12.99,,1,,\n"
        f"L,{'x' * 301},12.99,,1,,\n"
        "M,Lamp,12.99,,1,,\n"
    )
    summary, about = import_products(feeds.write("feed.csv", rows))
    assert summary == "2 added, 0 changed, 0 unchanged, 11 left out."
    assert about.splitlines() == [
        "Left out: line 3: id: is empty; every product needs an id of its own",
        "Left out: line 4 (C): title: is empty; every product needs one",
        "Left out: line 5 (D): price: 'cheap' is no price; write it like 12.99 USD",
        "Left out: line 6 (E): price: is empty; write it like 12.99 USD",
        "Left out: line 7 (F): sale_price: 13.99 is not below the price of 12.99; correct it, or leave it empty",
        "Left out: line 8 (G): quantity: 'some' is no quantity; write a whole number",
        "Left out: line 9 (H): availability: 'perhaps' is unknown; write in_stock, out_of_stock, preorder or backorder",
        ("Left out: line 10 (I): attributes: is not valid JSON (unexpected character, expected a string key: line 1 "
        'column 2 (char 1)); write it like {"color": "red"}'),
        "Left out: line 11: row: has 9 cells, but the header has 7; put cells with ',' in quotes",
        "Left out: line 12 (A): id: stands already in line 2; ids are unique, so this row was left out",
        "Left out: line 13 (L): title: has 301 characters; the most is 300",
    ]
    assert set(Product.objects.values_list("sku", flat=True)) == {"A", "M"}


def test_a_sale_price_is_checked_against_the_price_that_the_product_has(feeds: Feeds) -> None:
    make_product("Kettle", sku="K1", price_cents=2000, sale_price_cents=1500)
    path = feeds.write("feed.csv", "id,price\nK1,14.00\n")
    with pytest.raises(CommandError, match="No row could be imported"):
        import_products(path)
    assert Product.objects.get().price_cents == 2000


def test_a_new_product_needs_title_and_price(feeds: Feeds) -> None:
    make_product("Kettle", sku="K1")
    summary, about = import_products(feeds.write("feed.csv", "id,quantity\nK1,4\nK2,4\n"))
    assert summary == "0 added, 1 changed, 0 unchanged, 1 left out."
    assert about == "Left out: line 3 (K2): title: is missing; a new product needs one"


def test_a_dry_run_says_what_would_happen_and_writes_nothing(feeds: Feeds) -> None:
    path = feeds.write("feed.csv", CSV)
    summary, _ = import_products(path, dry_run=True)
    assert summary == "Dry run, nothing was written: 2 added, 0 changed, 0 unchanged, 4 categories made."
    assert not Product.objects.exists()
    assert not Category.objects.exists()
    import_products(path)
    path.write_text(CSV.replace("Desk", "Floor"))
    assert import_products(path, dry_run=True)[0] == "Dry run, nothing was written: 0 added, 1 changed, 1 unchanged."
    assert Product.objects.get(sku="L1").title == "Desk lamp"


def test_strict_writes_nothing_if_any_row_is_bad(feeds: Feeds) -> None:
    path = feeds.write("feed.csv", CSV + "X,Bad,none,,,,,,,,,,\n")
    with pytest.raises(CommandError, match="Nothing was written: 1 row cannot be imported"):
        import_products(path, strict=True)
    assert not Product.objects.exists()
    path.write_text(CSV)
    assert import_products(path, strict=True)[0].startswith("2 added")


def test_a_tab_separated_file_with_googles_spelling_of_columns(feeds: Feeds) -> None:
    rows = "Id\tTitle\tPrice\tProduct Type\tg:age group\nK1\tKettle, red\t12.99 USD\tHome\tadult\n"
    import_products(feeds.write("feed.tsv", rows))
    product = Product.objects.get()
    assert (product.title, product.price_cents, product.category.name) == ("Kettle, red", 1299, "Home")
    assert product.attributes == {"age group": "adult"}


def test_json_lines_keep_numbers_and_lists(feeds: Feeds) -> None:
    rows = [{"id": 7, "title": "Kettle", "price": 12.99, "quantity": 3, "color": ["red", "blue"]}, {"id": 8}]
    summary, about = import_products(feeds.write("feed.jsonl", "\n".join(map(json.dumps, rows)) + "\n\n{oops\n[1]\n"))
    assert summary == "1 added, 0 changed, 0 unchanged, 3 left out."
    assert [line.split(":")[1] for line in about.splitlines()] == [" line 2 (8)", " line 4", " line 5"]
    product = Product.objects.get(sku="7")
    assert (product.price_cents, product.stock, product.attributes) == (1299, 3, {"color": ["red", "blue"]})


@pytest.mark.parametrize("name", ["feed.csv.gz", "feed.gz", "feed.dat"])
def test_a_gzipped_file_is_known_by_its_content(feeds: Feeds, name: str) -> None:
    assert import_products(feeds.write(name, gzip.compress(CSV.encode())))[0].startswith("2 added")


def test_a_byte_order_mark_and_semicolons_of_a_european_spreadsheet(feeds: Feeds) -> None:
    rows = "id;title;price;description_zh\r\nK1;Wasserkocher für 1,7 l;12,99;热水壶\r\n"
    import_products(feeds.write("feed.csv", rows.encode("utf-8-sig")))
    product = Product.objects.get(sku="K1")
    assert (product.title, product.price_cents) == ("Wasserkocher für 1,7 l", 1299)
    assert product.translations == {"zh": {"description": "热水壶"}}


def test_chinese_columns_leave_other_translations_alone(feeds: Feeds) -> None:
    zh = {"title": "壶", "attributes": {"color": "红"}}
    make_product("Kettle", sku="K1", translations={"zh": zh, "fr": {"title": "B"}})
    import_products(feeds.write("feed.csv", "id,title_zh\nK1,热水壶\n"))
    assert Product.objects.get().translations == {
        "zh": {"title": "热水壶", "attributes": {"color": "红"}}, "fr": {"title": "B"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        (b"name,price\nKettle,1\n", r"There is no column id \(or sku\). The first line has: name, price"),
        ("id,title\n1,Küche\n".encode("latin-1"), r"Line 2 is not UTF-8 \(byte 4 is 0xfc\); save the file as UTF-8"),
        ("id,title\n1,Kettle\n".encode("utf-16"), "The file is UTF-16; save it as UTF-8"),
        (b"PK\x03\x04xlsx", "an Excel workbook; export it as CSV UTF-8"),
        (b'[{"id": 1}]', "one JSON array; write one object per line"),
        (b"<rss><channel/></rss>", "XML or HTML"),
        (gzip.compress(CSV.encode())[:-20], "damaged or not complete"),
        (b"id,title,title\n1,a,b\n", "The column title is there twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(feeds: Feeds, content: bytes, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        import_products(feeds.write("feed.csv", content))
    assert not Product.objects.exists()


def test_a_missing_file_is_a_sentence(feeds: Feeds) -> None:
    with pytest.raises(CommandError, match=r"nothing\.csv: The file cannot be read: No such file or directory"):
        import_products(feeds.folder / "nothing.csv")


def test_a_quote_that_is_never_closed_is_reported_with_its_line(feeds: Feeds) -> None:
    rows = "id,title,price\nK1,Kettle,1\nK2,\"Lamp,2\n" + "K3,Pan,3\n" * 200_000
    with pytest.raises(CommandError, match="Line 3 has a cell without an end"):
        import_products(feeds.write("feed.csv", rows))


def test_the_line_of_a_row_counts_lines_within_cells(feeds: Feeds) -> None:
    rows = '\nid,title,description,price\nK1,Kettle,"two\nlines",1\nK2,Lamp,,cheap\n'
    _, about = import_products(feeds.write("feed.csv", rows))
    assert about.startswith("Left out: line 5 (K2): price")
    assert Product.objects.get().description == "two\nlines"


def test_in_stock_without_a_quantity_gives_a_stock_once(feeds: Feeds) -> None:
    path = feeds.write("feed.csv", "id,title,price,availability\nK1,Kettle,1,in_stock\n")
    import_products(path, default_stock=25)
    assert Product.objects.get().stock == 25
    Product.objects.update(stock=3)
    assert import_products(path)[0] == "0 added, 0 changed, 1 unchanged."
    Product.objects.update(stock=0)
    import_products(path)
    assert Product.objects.get().stock == 10


def test_odd_values_are_counted_and_the_product_goes_in(feeds: Feeds) -> None:
    rows = "id,title,price,mpn,gtin,date_released,google_product_category,quantity,shipping\n" + "".join(
        f"{n},Kettle,0,{'m' * 81},12345,March 2026,1604,1,x\n" for n in range(3)
    )
    summary, about = import_products(feeds.write("feed.csv", rows))
    assert summary == "3 added, 0 changed, 0 unchanged."
    assert about.splitlines() == [
        "3 rows from line 2: mpn: is longer than 80 characters, so no part number; left out",
        "3 rows from line 2: gtin: has not 8, 12, 13 or 14 digits, kept",
        "3 rows from line 2: date_released: is no date, left out; write it like 2026-11-25",
        "3 rows from line 2: price: is 0: it can be ordered for nothing",
        ("3 rows from line 2: google_product_category: is a number of Google's taxonomy, left out; "
        "write its path (A > B > C), or use product_type"),
        "Columns that were not used: shipping.",
    ]


def test_a_sale_outside_its_period_is_no_sale(feeds: Feeds) -> None:
    header = "id,title,price,quantity,sale_price,sale_price_effective_date\n"
    rows = header + "K1,Kettle,12.99,1,9.99,2020-01-01T00:00Z/2020-02-01T00:00Z\n"
    _, about = import_products(feeds.write("feed.csv", rows))
    assert Product.objects.get().sale_price_cents is None
    assert "not valid today" in about


def test_a_sale_price_that_equals_the_price_is_no_sale(feeds: Feeds) -> None:
    import_products(feeds.write("feed.csv", "id,title,price,quantity,sale_price\nK1,Kettle,12.99,1,12.99\n"))
    assert Product.objects.get().sale_price_cents is None


def test_control_characters_and_html_do_not_reach_the_catalogue(feeds: Feeds) -> None:
    row = {
        "id": "K1", "title": "Ket\u0000tle <b>red</b>", "price": 1, "quantity": 1, "description": "One<br>two",
        "attributes": {"a\u0007": "<li>x</li>", "b": "<img src=x>"},
        "product_detail": [{"section_name": "General", "attribute_name": "Power", "attribute_value": "2000 W"}],
    }  # fmt: skip
    import_products(feeds.write("feed.jsonl", json.dumps(row)))
    product = Product.objects.get()
    assert (product.title, product.description) == ("Kettle red", "One\ntwo")
    assert product.attributes == {"a": "• x", "power": "2000 W"}


def test_huge_numbers_are_the_same_in_the_next_import(feeds: Feeds) -> None:
    row = '{"id": "K1", "title": "Kettle", "price": 1, "quantity": 1, "attributes": {"a": 1e30}}'
    path = feeds.write("feed.jsonl", row)
    import_products(path)
    assert import_products(path)[0] == "0 added, 0 changed, 1 unchanged."


def a_picture(color: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(buffer, "PNG")
    return buffer.getvalue()


def test_picture_files_are_taken_and_links_are_counted(feeds: Feeds) -> None:
    feeds.write("red.png", a_picture("red"))
    feeds.write("blue.png", a_picture("blue"))
    feeds.write("broken.png", b"no picture")
    rows = (
        "id,title,price,quantity,image_link,additional_image_link\n"
        "K1,Kettle,1,1,red.png,\"blue.png,https://example.com/a.jpg\"\n"
        "K2,Lamp,1,1,gone.png,broken.png\n"
    )
    path = feeds.write("feed.csv", rows)
    summary, about = import_products(path)
    assert summary == "2 added, 0 changed, 0 unchanged, 3 picture files read."
    assert about.splitlines() == [
        "1 row from line 3: image_link: there is no such file, picture left out",
        "1 row from line 3: image_link: is no picture the store can use (JPEG, PNG, WebP, AVIF or GIF), left out",
        "Image links that were not fetched (only picture files are taken): 1.",
    ]
    images = list(ProductImage.objects.order_by("position"))
    wanted = [store_upload(a_picture(color), "x").checksum for color in ("red", "blue")]
    assert [(image.product.sku, image.checksum) for image in images] == [("K1", checksum) for checksum in wanted]
    assert import_products(path)[0] == "0 added, 0 changed, 2 unchanged, 3 picture files read."
    assert list(ProductImage.objects.order_by("position")) == images


def test_a_new_picture_takes_the_place_of_the_old_one(feeds: Feeds) -> None:
    feeds.write("kettle.png", a_picture("red"))
    path = feeds.write("feed.csv", "id,title,price,quantity,image_link\nK1,Kettle,1,1,kettle.png\n")
    import_products(path)
    feeds.write("kettle.png", a_picture("blue"))
    assert import_products(path)[0] == "0 added, 1 changed, 0 unchanged, 1 picture files read."
    assert ProductImage.objects.get().checksum == store_upload(a_picture("blue"), "x").checksum


def test_ctrl_c_ends_after_a_batch_and_says_so(feeds: Feeds, monkeypatch: pytest.MonkeyPatch) -> None:
    path = feeds.write("feed.csv", "id,title,price,quantity\n" + "".join(f"K{n},Kettle {n},1,1\n" for n in range(700)))
    write = Importer._write

    def write_and_press(self: Importer, *args: Any) -> Any:
        done = write(self, *args)
        signal.raise_signal(signal.SIGINT)
        return done

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Importer, "_write", write_and_press)
    with pytest.raises(SystemExit) as stopped:
        import_products(path)
    monkeypatch.undo()
    assert stopped.value.code == 130
    assert signal.getsignal(signal.SIGINT) is before
    assert import_products(path)[0] == "200 added, 0 changed, 500 unchanged."


def queued() -> list[str]:
    """The tasks that were queued since the last call."""
    messages = sorted(settings.BROKER_DIR.rglob("*.msg"))
    found = [json.loads(message.read_text())["headers"]["task"] for message in messages]
    for message in messages:
        message.unlink()
    return found


def test_the_workers_are_told_when_there_is_something_to_index(feeds: Feeds) -> None:
    queued()
    path = feeds.write("feed.csv", CSV)
    import_products(path, dry_run=True)
    assert queued() == []
    import_products(path)
    assert queued() == ["embed_stale_products"]
    import_products(path)
    path.write_text(CSV.replace("39.90", "38.90"))
    import_products(path)
    assert queued() == []  # a price is read live


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_add_every_product_and_category_once(feeds: Feeds) -> None:
    rows = "id,title,price,quantity,product_type\n"
    rows += "".join(f"K{n},Kettle {n},1,1,Home > Kitchen > Kettles {n % 7}\n" for n in range(1200))
    path = feeds.write("feed.csv", rows)
    outcomes = []

    def run() -> None:
        importer = Importer(path.parent, default_stock=10, dry_run=False)
        list(importer.run(google.entries(open_feed(path), "USD", timezone.now())))
        outcomes.append(importer.outcome)
        connection.close()

    both = [threading.Thread(target=run) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sum(outcome.added for outcome in outcomes) == Product.objects.count() == 1200
    assert sum(outcome.unchanged for outcome in outcomes) == 1200
    assert Category.objects.count() == 9


def test_what_was_committed_stays_and_the_next_run_completes(feeds: Feeds) -> None:
    rows = "id,title,price,quantity\n" + "".join(f"K{n},Kettle {n},1,1\n" for n in range(700))
    path = feeds.write("feed.csv", rows)
    found = google.entries(open_feed(path), "USD", timezone.now())
    stopped = Importer(path.parent, default_stock=10, dry_run=False).run(found)
    assert next(stopped) == 501  # the line after which somebody pressed Ctrl-C
    stopped.close()
    assert Product.objects.count() == 500
    assert import_products(path)[0] == "200 added, 0 changed, 500 unchanged."
