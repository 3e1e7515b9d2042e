"""Which products are proposed as variants of one, and that nothing is grouped by itself."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from search import versions
from search.index import embed_stale_products
from search.item_group_proposals import (
    MIN_PAIRS,
    UNMEASURED,
    common_words,
    decline,
    propose_item_groups,
    threshold,
)
from search.models import EncoderVersion, FacetKey
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.merchant import Merchant, messages, staff_who_may
from tests.search.vectors import axis, give_vectors

PAGE = "/admin/catalog/product/proposed-variants/"


@pytest.mark.parametrize(
    ("title", "attributes", "left"),
    [
        ("Acme Runner sneakers, Red, 42", {"size": 42}, "acme runner sneakers"),
        ("Acme Runner sneakers 42", {}, "acme runner sneakers 42"),  # a model's number
        ("Acme Stick 128GB", {}, "acme stick"),
        ("Acme Stick 128 GB Dark Blue", {}, "acme stick"),
        ("Acme T-shirt XL midnight", {"colour": "Midnight"}, "acme t shirt"),
        ("Acme Phone 12 Pro", {"storage_gb": 12}, "acme phone pro"),  # as its own attribute says
        ("Acme Phone 12 Pro", {"storage_gb": 64}, "acme phone 12 pro"),
    ],
)
def test_colours_and_sizes_are_left_out_of_titles(title: str, attributes: dict[str, object], left: str) -> None:
    assert " ".join(common_words(title, attributes, {"red", "blue", "dark"})) == left


def test_the_threshold_is_what_one_of_twenty_pairs_exceeds() -> None:
    angles = np.arccos(np.linspace(0.0, 1.0, 101))
    vectors = {0: np.array([1.0, 0.0], dtype=np.float32)}
    vectors |= {
        number + 1: np.array([np.cos(angle), np.sin(angle)], dtype=np.float32) for number, angle in enumerate(angles)
    }
    assert threshold([(0, number) for number in range(1, 102)], vectors) == pytest.approx(0.95, abs=1e-4)
    assert threshold([(0, number) for number in range(1, MIN_PAIRS)], vectors) == UNMEASURED


@pytest.fixture
def shelf(active_encoder_version: EncoderVersion) -> list[Product]:
    """A shirt in three colours, one of them with another vector; a cap; and the shirt of another brand."""
    FacetKey.objects.create(key="color")
    category = make_category("clothes")
    shirts = [f"Fen linen shirt, {color}" for color in ("red", "blue", "green")]
    made = [
        make_product(
            title, brand=title.split()[0], category=category,
            attributes={"color": title.rsplit(" ", 1)[-1]} if "," in title else {},
        )
        for title in (*shirts, "Fen sun cap", "Oak linen shirt")
    ]  # fmt: skip
    itself = EncoderVersion.objects.filter(pk=active_encoder_version.pk)
    itself.update(is_active=False)
    embed_stale_products()  # words only: the vectors are made by hand
    itself.update(is_active=True)
    versions.forget()
    near = [axis(cosine, (1 - cosine**2) ** 0.5) for cosine in (1.0, 0.97, 0.2, 0.1, 1.0)]
    give_vectors(made, np.stack(near), active_encoder_version)
    return made


def groups() -> set[str]:
    return set(Product.objects.values_list("item_group", flat=True))


@pytest.mark.django_db
def test_products_that_differ_in_colour_and_are_near_are_proposed_and_not_grouped(shelf: list[Product]) -> None:
    (found,) = propose_item_groups()
    assert found.product_ids == (shelf[0].pk, shelf[1].pk)
    assert found.item_group == "fen-linen-shirt"
    assert found.cosine == pytest.approx(0.97, abs=0.002)
    assert groups() == {""}


@pytest.mark.django_db
def test_the_command_lists_and_changes_nothing(shelf: list[Product]) -> None:
    out = StringIO()
    call_command("propose_item_groups", stdout=out)
    assert out.getvalue().splitlines() == [
        "fen-linen-shirt: 2 products, 0.970",
        f"  {shelf[0].pk}  Fen linen shirt, red",
        f"  {shelf[1].pk}  Fen linen shirt, blue",
    ]
    assert groups() == {""}


@pytest.mark.django_db
def test_a_declined_group_is_not_proposed_again(shelf: list[Product]) -> None:
    (found,) = propose_item_groups()
    decline(found.key)
    decline(found.key)
    assert propose_item_groups() == []


@pytest.mark.django_db
def test_a_new_colour_is_proposed_for_the_group_that_there_is(shelf: list[Product]) -> None:
    Product.objects.filter(pk=shelf[0].pk).update(item_group="shirt-7")
    (found,) = propose_item_groups()
    assert found.item_group == "shirt-7"
    Product.objects.filter(pk=shelf[1].pk).update(item_group="shirt-7")
    assert propose_item_groups() == []
    Product.objects.filter(pk=shelf[1].pk).update(item_group="another")
    assert propose_item_groups() == []  # a merchant has parted them


@pytest.mark.django_db
def test_a_merchant_accepts_under_a_name_of_her_own(shelf: list[Product]) -> None:
    merchant = Merchant()
    (shown,) = merchant.get(f"{PAGE}", follow=True).context["proposals"]
    sent = {"key": shown.key, "item_group": "linen", "decision": "accept"}
    answer = merchant.post(PAGE, sent, follow=True)
    assert messages(answer) == ["2 products are variants of “linen” now."]
    assert list(Product.objects.filter(item_group="linen").order_by("pk")) == shelf[:2]
    assert merchant.post(PAGE, sent, follow=True).context["proposals"] == []
    history = merchant.get(f"/admin/catalog/product/{shelf[0].pk}/history/").content.decode()
    assert "Accepted as a variant of “linen”" in history


@pytest.mark.django_db
def test_a_merchant_declines(shelf: list[Product]) -> None:
    merchant = Merchant()
    (shown,) = merchant.get(PAGE, follow=True).context["proposals"]
    answer = merchant.post(PAGE, {"key": shown.key, "item_group": "x", "decision": "decline"}, follow=True)
    assert messages(answer) == ["Declined: Fen linen shirt, red and 1 more."]
    assert groups() == {""}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_group_needs_a_name_that_fits(shelf: list[Product], name: str) -> None:
    merchant = Merchant()
    (shown,) = merchant.get(PAGE, follow=True).context["proposals"]
    answer = merchant.post(PAGE, {"key": shown.key, "item_group": name, "decision": "accept"}, follow=True)
    assert messages(answer) == ["A group needs a name of at most 80 characters."]
    assert groups() == {""}


@pytest.mark.django_db
def test_who_may_only_look_decides_nothing(shelf: list[Product]) -> None:
    clerk = Merchant()
    clerk.force_login(staff_who_may("view_product"))
    assert clerk.get(PAGE, follow=True).status_code == 403
    assert clerk.post(PAGE, {"key": "x", "decision": "accept"}).status_code == 403
