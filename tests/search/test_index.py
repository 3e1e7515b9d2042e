"""Fresh within seconds, and nothing lost: edits while encoding, killed workers, two workers at once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from search import index
from search.encoder import Encoder
from search.index import embed_stale_products, stale_products
from search.models import EncoderVersion, LexicalDocument, LexicalTerm, ProductEmbedding
from search.product_text import TEXT_VERSION
from shop.catalog.models import Product
from tests.catalogue import make_product


@pytest.mark.django_db
def test_a_new_product_is_stale_until_it_is_embedded(active_encoder_version: EncoderVersion) -> None:
    product = make_product("Red kettle")
    assert list(stale_products(active_encoder_version)) == [product]
    assert embed_stale_products() == 1
    assert list(stale_products(active_encoder_version)) == []


@pytest.mark.django_db
def test_an_edit_made_while_encoding_stays_stale(
    active_encoder_version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Red kettle")
    encode = Encoder.encode_documents
    edited = []

    def encode_and_edit(self: Encoder, documents: list[str]) -> object:
        if not edited:
            edited.append(True)
            Product.objects.filter(pk=product.pk).update(title="Blue kettle", updated_at=timezone.now())
        return encode(self, documents)

    monkeypatch.setattr(Encoder, "encode_documents", encode_and_edit)
    index.write_batch([product.pk], active_encoder_version)
    assert list(stale_products(active_encoder_version)) == [product]
    embed_stale_products()
    [source] = index._read([product.pk])
    assert source.text.title == "Blue kettle"
    assert bytes(ProductEmbedding.objects.get(product=product).text_hash) == source.text_hash
    assert list(stale_products(active_encoder_version)) == []


@pytest.mark.django_db
def test_unchanged_text_is_not_encoded_again(
    active_encoder_version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Red kettle")
    embed_stale_products()
    product.price_cents = 999
    product.save()
    encoded: list[str] = []
    encode = Encoder.encode_documents
    monkeypatch.setattr(
        Encoder, "encode_documents", lambda self, documents: encoded.extend(documents) or encode(self, documents)
    )
    assert embed_stale_products() == 1
    assert encoded == []
    assert list(stale_products(active_encoder_version)) == []


@pytest.mark.django_db
def test_a_product_that_comes_back_on_sale_is_found_again_without_encoding(
    active_encoder_version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Red kettle")
    embed_stale_products()
    Product.objects.filter(pk=product.pk).update(is_active=False)
    embed_stale_products()
    assert not ProductEmbedding.objects.get(product=product).is_for_sale
    Product.objects.filter(pk=product.pk).update(is_active=True)
    encoded: list[str] = []
    encode = Encoder.encode_documents
    monkeypatch.setattr(
        Encoder, "encode_documents", lambda self, documents: encoded.extend(documents) or encode(self, documents)
    )
    assert embed_stale_products() == 1
    assert (encoded, ProductEmbedding.objects.get(product=product).is_for_sale) == ([], True)
    assert list(stale_products(active_encoder_version)) == []


@pytest.mark.django_db
def test_two_products_with_the_same_text_both_get_a_vector(active_encoder_version: EncoderVersion) -> None:
    make_product("Red kettle", sku="a")
    make_product("Red kettle", sku="b")
    embed_stale_products()
    assert ProductEmbedding.objects.count() == 2


@pytest.mark.django_db
def test_a_slow_worker_does_not_overwrite_a_later_one(active_encoder_version: EncoderVersion) -> None:
    product = make_product("Red kettle")
    old = index._read([product.pk])
    Product.objects.filter(pk=product.pk).update(title="Blue kettle", updated_at=timezone.now())
    embed_stale_products()
    later = bytes(ProductEmbedding.objects.get(product=product).text_hash)
    words = LexicalDocument.objects.get(product=product).term_ids
    index._write_lexical(old)
    index._write_embeddings(old, active_encoder_version, index.encoder_of(active_encoder_version))
    assert bytes(ProductEmbedding.objects.get(product=product).text_hash) == later
    assert LexicalDocument.objects.get(product=product).term_ids == words


@pytest.mark.django_db
def test_everything_is_indexed_again_when_the_code_that_makes_the_text_changes(
    active_encoder_version: EncoderVersion,
) -> None:
    product = make_product("Red kettle")
    embed_stale_products()
    for rows in (LexicalDocument.objects, ProductEmbedding.objects):
        assert rows.update(text_version=TEXT_VERSION - 1) == 1
        assert list(stale_products(active_encoder_version)) == [product]
        assert embed_stale_products() == 1
        assert list(stale_products(active_encoder_version)) == []


@pytest.mark.django_db
def test_an_edit_of_words_that_are_not_embedded_is_indexed_without_encoding(
    active_encoder_version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make_product("Red kettle")
    embed_stale_products()
    Product.objects.filter(pk=product.pk).update(mpn="XK9000", updated_at=timezone.now())
    monkeypatch.setattr(Encoder, "_run", lambda self, ids: pytest.fail("encoded"))
    assert embed_stale_products() == 1
    assert list(stale_products(active_encoder_version)) == []
    assert LexicalTerm.objects.filter(term="xk9000", document_frequency=1).exists()


@pytest.mark.django_db
def test_a_worker_that_dies_between_batches_leaves_the_rest_stale(
    active_encoder_version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        make_product(f"Kettle {number}")
    monkeypatch.setattr(index, "BATCH_SIZE", 2)

    class Killed(BaseException):
        pass

    batches = []

    def die_after_one(done: int) -> None:
        batches.append(done)
        raise Killed

    with pytest.raises(Killed):
        embed_stale_products(progress=die_after_one)
    assert stale_products(active_encoder_version).count() == 4
    assert embed_stale_products() == 4


@pytest.mark.django_db
def test_without_an_encoder_products_are_still_found_by_words() -> None:
    product = make_product("Red kettle")
    assert embed_stale_products() == 1
    assert LexicalDocument.objects.filter(product=product).exists()


@pytest.mark.django_db
def test_a_broken_encoder_does_not_keep_products_from_the_words_index(db: None) -> None:
    EncoderVersion.objects.create(name="broken", path="nowhere", checksum="x", is_active=True)
    product = make_product("Red kettle")
    index.active_version(fresh=True)
    assert embed_stale_products() == 1
    assert LexicalDocument.objects.filter(product=product).exists()
    assert not ProductEmbedding.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_embed_everything_once(active_encoder_version: EncoderVersion) -> None:
    for number in range(40):
        make_product(f"Kettle {number}")
    done: list[int] = []

    def work() -> None:
        done.append(embed_stale_products())
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 40
    assert stale_products(active_encoder_version).count() == 0


@pytest.mark.django_db
def test_a_vector_index_whose_build_was_killed_is_built_anew(active_encoder_version: EncoderVersion) -> None:
    make_product("Red kettle")
    embed_stale_products()
    is_valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"
    name = [f"search_vectors_v{active_encoder_version.pk}"]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('{name[0]}')")
        index.create_vector_index(active_encoder_version)
        cursor.execute(is_valid, name)
        assert cursor.fetchone() == (True,)
