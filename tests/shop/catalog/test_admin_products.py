"""Editing products in the admin, as a merchant does."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.index import embed_stale_products, stale_products
from search.models import EncoderVersion, LexicalDocument, LexicalField, ProductEmbedding
from shop.catalog.models import Product, ProductImage
from tests.catalogue import add_picture, make_category, make_product
from tests.merchant import Merchant, form_errors, inline_errors, messages
from tests.shop.catalog.test_import_products import a_picture, queued

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/product/"
ADD = f"{LIST}add/"


@pytest.fixture
def merchant(db: None) -> Merchant:
    return Merchant()


def change(product: Product) -> str:
    return f"{LIST}{product.pk}/change/"


def titles(response: Any) -> list[str]:
    return sorted(product.title for product in response.context["cl"].result_list)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


NEW_PICTURE = {"images-TOTAL_FORMS": "1", "images-0-alt": "A kettle", "images-0-position": "0"}


def test_a_price_is_entered_as_money_and_stored_as_cents(merchant: Merchant) -> None:
    entered = {"sku": "K1", "title": "Red kettle", "price_cents": "12.99", "sale_price_cents": "9,50", "stock": "3"}
    response = merchant.fill_in(ADD, **entered)
    assert response.status_code == 302
    product = Product.objects.get(sku="K1")
    assert (product.price_cents, product.sale_price_cents, product.stock) == (1299, 950, 3)
    page = merchant.get(change(product)).content.decode()
    assert 'value="12.99"' in page
    assert 'value="9.50"' in page


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("price_cents", "", "This field is required."),
        ("price_cents", "cheap", "Enter a number."),
        ("price_cents", "-1", "Ensure this value is greater than or equal to 0."),
        ("price_cents", "12.999", "Ensure that there are no more than 2 decimal places."),
        ("price_cents", "99999999", "Ensure this value is less than or equal to 21474836.47."),
        ("price_cents", "NaN", "Enter a number."),
        ("sale_price_cents", "12.99", "The sale price must be below the price."),
        ("sale_price_cents", "13", "The sale price must be below the price."),
        ("sku", "TAKEN", "Product with this SKU already exists."),
        ("title", " ", "This field is required."),
        ("title", "a\0b", "Null characters are not allowed."),
        ("stock", "-1", "Ensure this value is greater than or equal to 0."),
        ("stock", "9999999999", "Ensure this value is less than or equal to 2147483647."),
        ("popularity", "nan", "Enter a number."),
        ("attributes", "red", "Line 1: write it as name: value, like “color: red”."),
        ("attributes", "color: red\ncolor: blue", "Line 2: color is there twice."),
        ("attributes", 'a: {"b": 1}', "Line 1: a value is text, a number, true or false, or a list of these."),
        ("attributes", 'a: "\\u0000"', "Line 1: a null character cannot be stored."),
        ("attributes", "a: null", "Line 1: the value is empty; remove the line."),
        ("attributes", f"{'k' * 81}: 1", "Line 1: the name has 81 characters; the most is 80."),
        ("attributes_zh", "红色", "Line 1: write it as name: value, like “color: red”."),
    ],
)
def test_what_cannot_be_stored_is_an_error_of_its_field(
    merchant: Merchant, field: str, written: str, reason: str
) -> None:
    make_product("Taken", sku="TAKEN")
    entered = {"sku": "K1", "title": "Red kettle", "price_cents": "12.99", "stock": "3", field: written}
    assert form_errors(merchant.fill_in(ADD, **entered)) == {field: [reason]}
    assert Product.objects.count() == 1


def test_attributes_are_lines_and_keep_their_types(merchant: Merchant) -> None:
    attributes = {
        "color": "red", "ram_gb": 16, "screen": 6.1, "wireless": True, "ports": ["USB-C", "HDMI"], "model": "16",
        "ratio: w/h": "4:3", "note": "two\nlines", "quote": '"a"', "list": "[x]", "plain": "- dash",
    }  # fmt: skip
    product = make_product("Laptop", attributes=attributes)
    page = merchant.get(change(product))
    shown = page.context["adminform"].form["attributes"].value()
    assert {"color: red", "ram_gb: 16", 'model: "16"', 'ports: ["USB-C","HDMI"]'} <= set(
        page.context["adminform"].form["attributes"].field.prepare_value(shown).splitlines()
    )
    lines = page.context["adminform"].form["attributes"].field.prepare_value(shown)
    assert merchant.send_form(page, attributes=lines, title="New laptop").status_code == 302
    assert Product.objects.get().attributes == attributes


def test_chinese_texts_have_fields_of_their_own_and_other_languages_stay(merchant: Merchant) -> None:
    zh = {"title": "壶", "description": "旧"}
    product = make_product("Kettle", translations={"zh": zh, "fr": {"title": "Bouilloire"}})
    merchant.fill_in(change(product), title_zh="热水壶", description_zh="", attributes_zh="color: 红色")
    product.refresh_from_db()
    assert product.translations == {
        "zh": {"title": "热水壶", "attributes": {"color": "红色"}}, "fr": {"title": "Bouilloire"},
    }  # fmt: skip


def test_an_edit_makes_the_product_stale(merchant: Merchant) -> None:
    product = make_product("Red kettle")
    embed_stale_products()
    assert not stale_products(None).exists()
    merchant.fill_in(change(product), title="Blue kettle")
    assert list(stale_products(None)) == [product]


def test_stock_that_was_sold_while_the_form_was_open_does_not_come_back(merchant: Merchant) -> None:
    product = make_product("Red kettle", stock=5)
    page = merchant.get(change(product))
    Product.objects.update(stock=2)
    merchant.send_form(page, title="Blue kettle")
    product.refresh_from_db()
    assert (product.title, product.stock) == ("Blue kettle", 2)


def test_a_picture_is_uploaded_and_shown(merchant: Merchant) -> None:
    product = make_product("Red kettle")
    picture = {"images-0-upload": upload("kettle.png", a_picture("red"))}
    assert merchant.fill_in(change(product), **NEW_PICTURE, **picture).status_code == 302
    image = ProductImage.objects.get()
    assert (image.product, image.alt, image.width, image.height) == (product, "A kettle", 40, 30)
    assert f"/img/{image.checksum}/160.webp" in merchant.get(change(product)).content.decode()
    assert merchant.get(f"/img/{image.checksum}/160.webp").status_code == 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture at all", "kettle.png is not a picture, or it is damaged"),
        (a_picture("red")[:60], "kettle.png is not a picture, or it is damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kettle.png is not a picture, or it is damaged"),
        (b"", "The submitted file is empty."),
    ],
)
def test_an_upload_that_is_no_picture_is_an_error_of_its_row(merchant: Merchant, content: bytes, reason: str) -> None:
    product = make_product("Red kettle")
    picture = {"images-0-upload": upload("kettle.png", content)}
    response = merchant.fill_in(change(product), title="Blue kettle", **NEW_PICTURE, **picture)
    ((errors),) = inline_errors(response)
    assert list(errors) == ["upload"]
    assert errors["upload"][0].startswith(reason)
    assert not ProductImage.objects.exists()
    assert response.context["adminform"].form["title"].value() == "Blue kettle"  # what was typed is still there
    product.refresh_from_db()
    assert product.title == "Red kettle"


def test_a_row_without_a_file_asks_for_one(merchant: Merchant) -> None:
    response = merchant.fill_in(change(make_product("Red kettle")), **NEW_PICTURE)
    assert inline_errors(response) == [{"upload": ["Choose a picture."]}]


def test_a_picture_is_replaced_moved_and_deleted(merchant: Merchant) -> None:
    product = make_product("Red kettle")
    first, second = (add_picture(product, letter * 32, file=f"{letter}.svg") for letter in "ab")
    new = upload("kettle.png", a_picture("blue"))
    merchant.fill_in(
        change(product), images__0__position="5", images__0__alt="Moved", images__0__upload=new, images__1__DELETE="on"
    )
    image = ProductImage.objects.get()
    assert (image.pk, image.position, image.alt, image.width) == (first.pk, 5, "Moved", 40)
    assert image.checksum != first.checksum
    assert not ProductImage.objects.filter(pk=second.pk).exists()


def test_the_list_shows_money_and_the_state_of_the_index(
    merchant: Merchant, active_encoder_version: EncoderVersion
) -> None:
    make_product("Fresh", price_cents=129900, sale_price_cents=99950)
    edited = make_product("Edited")
    embed_stale_products()
    edited.title = "Stale"
    edited.save()
    make_product("Missing")
    make_product("Inactive", is_active=False)
    response = merchant.get(LIST)
    states = {product.title: product.freshness for product in response.context["cl"].result_list}
    assert states == {"Fresh": "fresh", "Stale": "stale", "Missing": "missing", "Inactive": "inactive"}
    page = response.content.decode()
    assert "$1,299.00" in page
    assert "$999.50" in page
    for state, expected in (("fresh", ["Fresh"]), ("stale", ["Stale"]), ("waiting", ["Missing", "Stale"])):
        assert titles(merchant.get(f"{LIST}?index={state}")) == expected


def test_an_index_row_of_an_older_text_version_is_stale(
    merchant: Merchant, active_encoder_version: EncoderVersion
) -> None:
    make_product("Kettle")
    embed_stale_products()
    LexicalDocument.objects.update(text_version=0)
    assert titles(merchant.get(f"{LIST}?index=stale")) == ["Kettle"]


def test_a_longer_list_takes_no_more_queries(merchant: Merchant) -> None:
    category = make_category("kettles")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert merchant.get(LIST).status_code == 200
        return len(captured)

    add_picture(make_product("Kettle", category=category), "a" * 32)
    few = queries()
    for number in range(20):
        add_picture(make_product(f"Kettle {number}", category=make_category(f"kettles-{number}")), "a" * 32)
    assert queries() == few == 5  # session, user, count, rows, and the categories of the filter


def test_the_list_is_filtered(merchant: Merchant) -> None:
    home = make_category("home")
    kettles = make_category("kettles", parent=home)
    make_product("Fen kettle", category=kettles, brand="Fen", stock=0)
    make_product("Lume lamp", category=home, brand="Lume", stock=3, sale_price_cents=999)
    make_product("Book", is_active=False)
    for query, expected in {
        f"in_category={home.pk}": ["Fen kettle", "Lume lamp"],
        f"in_category={kettles.pk}": ["Fen kettle"],
        "in_category=none": ["Book"],
        "in_category=x": ["Book", "Fen kettle", "Lume lamp"],
        "brand__icontains=fen": ["Fen kettle"],
        "stock_state=out": ["Fen kettle"],
        "stock_state=low": ["Lume lamp"],
        "stock_state=in": ["Book", "Lume lamp"],
        "on_sale=yes": ["Lume lamp"],
        "on_sale=no": ["Book", "Fen kettle"],
        "is_active__exact=0": ["Book"],
    }.items():
        assert (query, titles(merchant.get(f"{LIST}?{query}"))) == (query, expected)


@pytest.mark.parametrize("words", ["red kettle", "K-17", "4006381333931", "MPN-9", "fen"])
def test_a_product_is_found_by_its_title_numbers_and_brand(merchant: Merchant, words: str) -> None:
    make_product("Red kettle", sku="K-17", gtin="4006381333931", mpn="MPN-9", brand="Fen")
    make_product("Desk lamp")
    assert titles(merchant.get(LIST, {"q": words})) == ["Red kettle"]


def test_a_deleted_product_leaves_the_index_and_its_statistics(merchant: Merchant) -> None:
    first, second, third = (make_product(f"Kettle {number}") for number in range(3))
    embed_stale_products()
    assert merchant.post(f"{LIST}{first.pk}/delete/", {"post": "yes"}).status_code == 302
    merchant.run_action(LIST, "delete_selected", [second], post="yes")
    assert list(Product.objects.all()) == [third]
    assert LexicalDocument.objects.count() == 1
    assert LexicalField.objects.get(name="text").document_count == 1


def run(merchant: Merchant, action: str, *products: Product, **fields: str) -> Any:
    return merchant.run_action(LIST, action, products, **fields)


def prices() -> list[tuple[str, int, int | None]]:
    return list(Product.objects.order_by("title").values_list("title", "price_cents", "sale_price_cents"))


def test_prices_are_changed_by_percent_after_a_preview(merchant: Merchant) -> None:
    kettle, lamp = make_product("Kettle", price_cents=1999), make_product("Lamp", price_cents=1005)
    make_product("Other", price_cents=1000)
    page = run(merchant, "change_price", kettle, lamp)
    assert "2 products are selected" in page.content.decode()
    page = run(merchant, "change_price", kettle, lamp, change="-10", unit="percent", step="preview")
    assert [(row.title, row.new_price) for row in page.context["preview"]] == [("Kettle", 1799), ("Lamp", 905)]
    assert prices()[0] == ("Kettle", 1999, None)
    page = run(merchant, "change_price", kettle, lamp, change="-10", unit="percent", step="apply")
    assert messages(page) == ["2 products are changed."]
    assert prices() == [("Kettle", 1799, None), ("Lamp", 905, None), ("Other", 1000, None)]  # 904.5 is rounded up


def test_prices_are_changed_by_an_amount(merchant: Merchant) -> None:
    kettle = make_product("Kettle", price_cents=1999)
    before = kettle.updated_at
    run(merchant, "change_price", kettle, change="1.50", unit="amount", step="apply")
    kettle.refresh_from_db()
    assert (kettle.price_cents, kettle.updated_at) == (2149, before)  # a price is no indexed text


@pytest.mark.parametrize(
    ("change_by", "unit", "reason"),
    [
        ("-20", "amount", "the price would be below 0 for “Kettle”"),
        ("-40", "percent", "the sale price would not be below the price for “Lamp”"),
        ("-5", "amount", "the sale price would not be below the price for “Lamp”"),
        ("21474836", "amount", "the price would be too high for “Kettle” and 1 more"),
    ],
)
def test_a_price_change_that_makes_no_sense_changes_nothing(
    merchant: Merchant, change_by: str, unit: str, reason: str
) -> None:
    kettle = make_product("Kettle", price_cents=1999)
    lamp = make_product("Lamp", price_cents=2000, sale_price_cents=1500)
    before = prices()
    for step in ("preview", "apply"):
        page = run(merchant, "change_price", kettle, lamp, change=change_by, unit=unit, step=step)
        assert page.context["form"].non_field_errors() == [f"Nothing was changed: {reason}."]
        assert prices() == before


def test_a_sale_is_started_and_ended(merchant: Merchant) -> None:
    kettle = make_product("Kettle", price_cents=1999)
    run(merchant, "put_on_sale", kettle, percent_off="25", step="apply")
    assert prices() == [("Kettle", 1999, 1499)]
    assert messages(run(merchant, "end_sale", kettle)) == ["1 product is no longer on sale."]
    assert prices() == [("Kettle", 1999, None)]


@pytest.mark.parametrize("percent_off", ["0", "100", "-5", "", "x"])
def test_a_sale_needs_a_sensible_percentage(merchant: Merchant, percent_off: str) -> None:
    kettle = make_product("Kettle", price_cents=1999)
    page = run(merchant, "put_on_sale", kettle, percent_off=percent_off, step="apply")
    assert list(page.context["form"].errors) == ["percent_off"]
    assert prices() == [("Kettle", 1999, None)]


def test_a_sale_of_something_for_a_cent_is_refused(merchant: Merchant) -> None:
    page = run(merchant, "put_on_sale", make_product("Pin", price_cents=1), percent_off="10", step="apply")
    assert "would not be below the price for “Pin”" in page.context["form"].non_field_errors()[0]


def test_stock_is_set_for_many(merchant: Merchant) -> None:
    products = [make_product("Kettle"), make_product("Lamp")]
    run(merchant, "set_stock", *products, stock="7", step="apply")
    assert set(Product.objects.values_list("stock", flat=True)) == {7}


def test_products_are_taken_off_and_put_back(merchant: Merchant) -> None:
    kettle, lamp = make_product("Kettle"), make_product("Lamp")
    embed_stale_products()
    assert messages(run(merchant, "deactivate", kettle, lamp)) == ["2 products are no longer for sale."]
    embed_stale_products()
    assert not LexicalDocument.objects.exists()
    assert messages(run(merchant, "activate", kettle)) == ["1 product is active now."]
    assert list(stale_products(None)) == [kettle]
    assert messages(run(merchant, "activate", kettle)) == ["0 products are active now."]


def test_an_action_reaches_all_pages_of_a_filtered_list(merchant: Merchant) -> None:
    products = [make_product(f"Kettle {number:02}") for number in range(60)]
    make_product("Lamp", stock=1)
    fields = {"select_across": "1", "index": "0", "stock": "7", "step": "apply"}
    merchant.run_action(f"{LIST}?q=kettle", "set_stock", products[:1], **fields)
    assert Product.objects.filter(stock=7).count() == 60
    assert Product.objects.get(title="Lamp").stock == 1


def test_a_product_is_encoded_again_although_its_text_is_the_same(
    merchant: Merchant, active_encoder_version: EncoderVersion
) -> None:
    product = make_product("Kettle")
    embed_stale_products()
    text_hash = bytes(ProductEmbedding.objects.get().text_hash)
    assert messages(run(merchant, "embed_again", product)) == ["1 product is about to be indexed again."]
    assert list(stale_products(active_encoder_version)) == [product]
    assert bytes(ProductEmbedding.objects.get().text_hash) == b""  # no text has this one
    assert embed_stale_products() == 1
    assert bytes(ProductEmbedding.objects.get().text_hash) == text_hash


def test_the_form_tells_what_search_knows(merchant: Merchant, active_encoder_version: EncoderVersion) -> None:
    product = make_product("Red kettle", description="Boils fast", rating_average=Decimal("4.5"), rating_count=2)
    embed_stale_products()
    page = merchant.get(change(product)).content.decode()
    assert "Fresh: search knows its newest version." in page
    assert f"by {active_encoder_version.name}" in page
    assert "Red kettle. Boils fast" in page
    assert "4.50 of 5 (2 ratings)" in page
    Product.objects.update(updated_at=product.updated_at + timedelta(seconds=1))
    assert "Stale: edited since" in merchant.get(change(product)).content.decode()


def test_who_may_only_look_sees_money_and_changes_nothing(merchant: Merchant) -> None:
    product = make_product("Red kettle", price_cents=129900)
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_product"))
    merchant.force_login(clerk)
    assert "$1,299.00" in merchant.get(change(product)).content.decode()
    assert merchant.post(change(product), {"title": "Blue kettle"}).status_code == 403
    run(merchant, "set_stock", product, stock="0", step="apply")
    product.refresh_from_db()
    assert (product.title, product.stock) == ("Red kettle", 10)


def test_a_saved_product_is_indexed_as_soon_as_it_is_committed(
    merchant: Merchant, django_capture_on_commit_callbacks: Any
) -> None:
    product = make_product("Red kettle")
    queued()
    with django_capture_on_commit_callbacks(execute=True):
        merchant.fill_in(change(product), title="Blue kettle")
        assert queued() == []  # a worker that is too fast would see the old title
    assert queued() == ["embed_stale_products"]
    with django_capture_on_commit_callbacks(execute=True):
        run(merchant, "deactivate", product)
    assert queued() == ["embed_stale_products"]
