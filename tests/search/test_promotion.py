"""Which version becomes active, and what is kept of the others."""

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from search import versions
from search.export import checksum
from search.index import embed_stale_products, embed_version
from search.learning_models import OnlineTest, TrainingRound
from search.models import EncoderVersion, ProductEmbedding, ProductKinds, TypePartition
from search.pipeline import search_products
from search.promotion import GRACE, PromotionRefused, clean_up, drop_vector_index, promote, rollback
from search.variants import LIVE, Variant
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.vectors import axis, give_vectors, make_many

TITLES = ("Red kettle", "Blue chair", "Steel lamp")


@pytest.fixture
def encoder_dir(tmp_path: Path, settings: Any, exported_encoder: Path) -> Iterator[Path]:
    """An ENCODER_DIR of its own, with the real encoder's files as versions "old" and "new"."""
    settings.ENCODER_DIR = tmp_path
    for name in ("old", "new"):
        shutil.copytree(exported_encoder, tmp_path / name)
    versions.forget()
    yield tmp_path
    versions.forget()


def registered(folder: Path, name: str, **fields: Any) -> EncoderVersion:
    return EncoderVersion.objects.create(
        name=name, path=name, checksum=checksum(folder / name / "model.onnx"), **fields
    )


@pytest.fixture
def old(db: None, encoder_dir: Path) -> EncoderVersion:
    """Active, with three products embedded."""
    version = registered(encoder_dir, "old", is_active=True, activated_at=timezone.now())
    for title in TITLES:
        make_product(title)
    embed_stale_products()
    return version


@pytest.fixture
def new(old: EncoderVersion, encoder_dir: Path) -> EncoderVersion:
    """Not active, nothing embedded."""
    return registered(encoder_dir, "new")


def active() -> list[EncoderVersion]:
    return list(EncoderVersion.objects.filter(is_active=True))


def refused(version: EncoderVersion, before: EncoderVersion) -> str:
    with pytest.raises(PromotionRefused) as error:
        promote(version, by="a test")
    assert active() == [before]
    return str(error.value)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'search\\_vectors\\_v%%'")
        return {name for (name,) in cursor.fetchall()}


def test_an_embedded_version_takes_over(old: EncoderVersion, new: EncoderVersion) -> None:
    assert embed_version(new) == 3
    promote(new, by="a test")
    assert active() == [new]
    assert search_products("red kettle").version_id == new.pk


def test_a_version_without_embeddings_is_refused(old: EncoderVersion, new: EncoderVersion) -> None:
    assert refused(new, old) == "3 of 3 products are not embedded under new yet."


def test_a_product_of_a_moment_ago_may_be_missing_if_it_is_one_of_a_hundred(
    old: EncoderVersion, new: EncoderVersion
) -> None:
    for number in range(97):
        make_product(f"Mug {number}")
    embed_version(new)
    make_product("Late 1")
    promote(new, by="a test")
    make_product("Late 2")
    assert refused(old, new).endswith("of 102 products are not embedded under old yet.")


def test_the_active_version_is_not_promoted_again(old: EncoderVersion) -> None:
    activated_at = old.activated_at
    assert refused(old, old) == "old is active already."
    old.refresh_from_db()
    assert old.activated_at == activated_at


def test_a_changed_graph_is_refused(old: EncoderVersion, new: EncoderVersion, encoder_dir: Path) -> None:
    embed_version(new)
    with (encoder_dir / "new/model.onnx").open("ab") as file:
        file.write(b"\0")
    assert refused(new, old) == (
        f"{encoder_dir}/new/model.onnx has changed since new was registered; export it again."
    )


def test_a_missing_graph_is_refused(old: EncoderVersion, new: EncoderVersion, encoder_dir: Path) -> None:
    embed_version(new)
    (encoder_dir / "new/model.onnx").unlink()
    assert refused(new, old) == (
        f"{encoder_dir}/new/model.onnx cannot be read (No such file or directory); export new again."
    )


def test_a_missing_tokenizer_is_refused(old: EncoderVersion, new: EncoderVersion, encoder_dir: Path) -> None:
    embed_version(new)
    (encoder_dir / "new/tokenizer.json").unlink()
    versions.forget()
    assert "tokenizer.json is missing; run `python manage.py export_encoder`" in refused(new, old)


def test_going_back_is_at_once_and_whatever_was_edited(old: EncoderVersion, new: EncoderVersion) -> None:
    embed_version(new)
    promote(new, by="a test")
    Product.objects.update(title="Edited since", updated_at=timezone.now())
    assert rollback(by="a test") == old
    assert active() == [old]
    assert search_products("red kettle").mode == "hybrid"


def test_going_back_twice_is_going_forward_again(old: EncoderVersion, new: EncoderVersion) -> None:
    embed_version(new)
    promote(new, by="a test")
    assert [rollback(by="a test"), rollback(by="a test")] == [old, new]
    assert active() == [new]


def test_there_is_nothing_to_go_back_to_after_the_first_version(old: EncoderVersion, new: EncoderVersion) -> None:
    with pytest.raises(PromotionRefused, match="There is no version to roll back to"):
        rollback(by="a test")
    assert active() == [old]


def test_going_back_needs_the_embeddings(old: EncoderVersion, new: EncoderVersion) -> None:
    embed_version(new)
    promote(new, by="a test")
    ProductEmbedding.objects.filter(version=old).delete()
    with pytest.raises(PromotionRefused) as error:
        rollback(by="a test")
    assert str(error.value) == "The embeddings of old were deleted; promote_encoder makes them again."
    assert active() == [new]


def aged(version: EncoderVersion, days: float, *, activated_days: float | None = None) -> EncoderVersion:
    fields: dict[str, Any] = {"created_at": timezone.now() - timedelta(days=days)}
    if activated_days is not None:
        fields["activated_at"] = timezone.now() - timedelta(days=activated_days)
    EncoderVersion.objects.filter(pk=version.pk).update(**fields)
    version.refresh_from_db()
    return version


def by_hand(folder: Path, name: str, **fields: Any) -> EncoderVersion:
    """A version with a file, vectors of two products, kinds and an index, but no encoder."""
    (folder / name).mkdir()
    (folder / name / "model.onnx").touch()
    version = EncoderVersion.objects.create(name=name, path=name, checksum=name, **fields)
    products = list(Product.objects.filter(sku__startswith="M-"))
    give_vectors(products, [axis(1.0), axis(0.5)], version)
    TypePartition.objects.create(version=version, number=0, centres=b"", products=2)
    ProductKinds.objects.create(product=products[0], version=version, kinds=[0], embedded_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET CONSTRAINTS ALL IMMEDIATE; CREATE INDEX search_vectors_v{version.pk} ON search_productembedding "
            f"USING hnsw (vector halfvec_ip_ops) WHERE version_id = {version.pk}"
        )
    return version


@pytest.fixture
def seven(db: None, tmp_path: Path, settings: Any) -> dict[str, EncoderVersion]:
    """What there may be after some weeks; all of them old but "young"."""
    settings.ENCODER_DIR = tmp_path
    make_many(2)
    of_a_round = {"card": {"round": 1}}
    names = ("active", "previous", "replaced", "refused", "tested", "unfinished", "young", "foreign")
    made = {name: by_hand(tmp_path, name, **(of_a_round if name != "foreign" else {})) for name in names}
    for name, version in made.items():
        aged(version, 1 if name == "young" else 30)
    EncoderVersion.objects.filter(name="active").update(is_active=True)
    for name, days in (("active", 5), ("previous", 10), ("replaced", 20)):
        aged(made[name], 30, activated_days=days)
    OnlineTest.objects.create(
        name="test", variant_a=Variant().to_json(), variant_b=Variant(version_id=made["tested"].pk).to_json()
    )
    TrainingRound.objects.create(challenger=made["unfinished"], stage=TrainingRound.Stage.EMBEDDING)
    return made


KEPT = {"active", "previous", "tested", "unfinished", "young"}


def test_embeddings_that_nobody_goes_back_to_are_deleted_with_their_index_and_kinds(
    seven: dict[str, EncoderVersion],
) -> None:
    assert clean_up() == 3
    kept = {seven[name].pk for name in KEPT}
    for model in (ProductEmbedding, ProductKinds, TypePartition):
        assert set(model.objects.values_list("version", flat=True)) == kept
    assert indexes() == {f"search_vectors_v{pk}" for pk in kept}
    assert EncoderVersion.objects.count() == 8  # what came of them stays known


def test_files_of_what_the_gate_refused_are_deleted_and_no_others(
    seven: dict[str, EncoderVersion], tmp_path: Path
) -> None:
    clean_up()
    assert {path.name for path in tmp_path.iterdir()} == {*seven} - {"refused"}


def test_files_of_a_version_that_was_never_embedded_are_deleted_too(
    seven: dict[str, EncoderVersion], tmp_path: Path
) -> None:
    ProductEmbedding.objects.filter(version=seven["refused"]).delete()
    clean_up()
    assert not (tmp_path / "refused").exists()


def test_cleaning_up_again_finds_nothing(seven: dict[str, EncoderVersion]) -> None:
    clean_up()
    assert clean_up() == 0


def test_what_was_replaced_lately_is_kept(seven: dict[str, EncoderVersion]) -> None:
    aged(seven["previous"], 30, activated_days=1.5)
    aged(seven["replaced"], 30, activated_days=GRACE.days - 0.1)
    clean_up()
    assert ProductEmbedding.objects.filter(version=seven["replaced"]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_index_is_dropped_while_searches_read_the_table(tmp_path: Path, settings: Any) -> None:
    settings.ENCODER_DIR = tmp_path
    make_many(2)
    version = by_hand(tmp_path, "refused")
    drop_vector_index(version)
    drop_vector_index(version)  # nothing is there any more
    assert f"search_vectors_v{version.pk}" not in indexes()  # those of other tests may be there


@pytest.mark.django_db(transaction=True)
def test_other_processes_see_a_promotion_within_a_second(old: EncoderVersion, new: EncoderVersion) -> None:
    """A promotion elsewhere: this process is told nothing, it looks."""
    embed_version(new)
    assert search_products("red kettle").version_id == old.pk

    def elsewhere() -> None:
        versions.activate(new)
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    promoted_at = time.monotonic()
    while (results := search_products("red kettle")).version_id == old.pk:
        assert time.monotonic() - promoted_at < versions.RECHECK_S + 2  # and a loaded machine
    assert (results.version_id, results.mode) == (new.pk, "hybrid")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_search_mixes_two_versions_while_they_change_places(
    old: EncoderVersion, new: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under "new" every product has the vector of another one, so that a mixed search would find the wrong product."""
    monkeypatch.setattr(versions, "RECHECK_S", 0.0)
    embed_version(new)
    _turn_vectors(new)
    nearest = {version.pk: _first(Variant(version_id=version.pk))[1] for version in (old, new)}
    assert nearest[old.pk] != nearest[new.pk]
    stop = threading.Event()

    def change_places() -> None:
        while not stop.is_set():
            for version in (new, old):
                versions.activate(version)
                time.sleep(0.003)
        connection.close()

    thread = threading.Thread(target=change_places)
    thread.start()
    found = []
    try:
        while len(found) < 100 or (len({version_id for version_id, _ in found}) < 2 and len(found) < 1000):
            found.append(_first(LIVE))
    finally:
        stop.set()
        thread.join()
    assert set(found) == set(nearest.items())


def _first(variant: Variant) -> tuple[int | None, int]:
    """Which version answered, and with which product; the query has no word of any."""
    results = search_products("boil water for tea", variant=variant)
    assert results.mode == "hybrid"
    return results.version_id, [*results.hits, *results.related][0].product_id


def _turn_vectors(version: EncoderVersion) -> None:
    rows = list(ProductEmbedding.objects.filter(version=version).order_by("product_id"))
    vectors = [row.vector for row in rows]
    for row, vector in zip(rows, [*vectors[1:], vectors[0]], strict=True):
        ProductEmbedding.objects.filter(pk=row.pk).update(vector=vector)


def run(*arguments: str) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said, stderr=StringIO())
    return said.getvalue().strip()


def test_the_command_embeds_what_is_missing_and_promotes(old: EncoderVersion, new: EncoderVersion) -> None:
    assert run("promote_encoder", "new") == "new is the active version."
    assert active() == [new]
    assert ProductEmbedding.objects.filter(version=new).count() == 3
    assert run("rollback_encoder") == "old is the active version."
    assert active() == [old]


def test_the_command_lists_the_versions_that_there_are(old: EncoderVersion, new: EncoderVersion) -> None:
    with pytest.raises(CommandError) as error:
        run("promote_encoder", "newer")
    assert str(error.value) == "There is no version 'newer'; there are: new, old."


def test_the_command_without_any_version_says_so(db: None) -> None:
    with pytest.raises(CommandError, match=r"There is no version 'new'; there are: none\."):
        run("promote_encoder", "new")
    with pytest.raises(CommandError, match=r"There is no version to roll back to\."):
        run("rollback_encoder")


def test_the_command_refuses_a_version_whose_files_are_gone(
    old: EncoderVersion, new: EncoderVersion, encoder_dir: Path
) -> None:
    shutil.rmtree(encoder_dir / "new")
    with pytest.raises(CommandError, match=r"is missing; run `python manage\.py export_encoder`"):
        run("promote_encoder", "new")
    assert active() == [old]


def test_what_was_cleaned_up_can_be_embedded_and_promoted_again(old: EncoderVersion, new: EncoderVersion) -> None:
    embed_version(new)
    aged(new, 30)
    of_old, of_new = f"search_vectors_v{old.pk}", f"search_vectors_v{new.pk}"
    assert indexes() == {of_old, of_new}
    assert clean_up() == 1
    assert indexes() == {of_old}
    assert run("promote_encoder", "new") == "new is the active version."
    assert indexes() == {of_old, of_new}
    assert ProductEmbedding.objects.filter(version=new).count() == 3
