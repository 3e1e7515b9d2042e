"""A NUL character in an address of the admin is an error of whoever wrote it, not of the server."""

import pytest

from tests.merchant import Merchant


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["search/searchquery/?mode=%00", "catalog/product/%00/change/", "?%00=1"])
def test_it_is_refused_with_a_sentence(address: str) -> None:
    answer = Merchant().get(f"/admin/{address}")
    assert answer.status_code == 400
    assert "Leave it out" in answer.content.decode()


@pytest.mark.django_db
def test_other_addresses_are_not_asked() -> None:
    assert Merchant().get("/admin/search/searchquery/?mode=%01").status_code in (200, 302)
