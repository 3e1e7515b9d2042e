"""Another encoder: any sentence-transformers model in a folder, exported, embedded and switched to."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search import versions
from search.encoder import load_encoder
from search.export import checksum
from search.index import embed_stale_products, stale_products
from search.management.commands.export_encoder import version_name
from search.models import EncoderVersion, ProductEmbedding
from search.pipeline import search_products
from tests.catalogue import make_product
from tests.search.small_model import save_model

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def encoder_dir(tmp_path: Path, settings: Any, exported_encoder: Path) -> Path:
    """An ENCODER_DIR of its own that has the usual encoder."""
    folder = tmp_path / "encoders"
    folder.mkdir()
    (folder / exported_encoder.name).symlink_to(exported_encoder)
    settings.ENCODER_DIR = folder
    return folder


def export(*arguments: str) -> str:
    said = StringIO()
    call_command("export_encoder", *arguments, stdout=said)
    return said.getvalue()


def test_a_model_in_a_folder_takes_over_once_all_products_are_embedded(
    encoder_dir: Path, tmp_path: Path, active_encoder_version: EncoderVersion
) -> None:
    products = {make_product(title).pk for title in ("Red kettle", "Blue chair", "Steel lamp")}
    embed_stale_products()
    model = save_model(tmp_path, width=384)
    export("--model", model)
    assert EncoderVersion.objects.get(is_active=True) == active_encoder_version
    export("--model", model, "--activate")
    version = EncoderVersion.objects.get(is_active=True)
    assert version.name == "small-model"
    assert set(ProductEmbedding.objects.filter(version=version).values_list("product_id", flat=True)) == products
    assert load_encoder(encoder_dir / "small-model").config.max_tokens == 64
    versions.forget()
    results = search_products("red kettle")
    assert (results.mode, results.version_id) == ("hybrid", version.pk)


def test_another_width_is_refused_and_changes_nothing(encoder_dir: Path, tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="gives 64 dimensions, the database stores 384"):
        export("--model", save_model(tmp_path, width=64))
    assert not EncoderVersion.objects.exists()
    assert not (encoder_dir / "small-model").exists()


def test_a_model_that_does_not_exist_is_refused(encoder_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be loaded"):
        export("--model", str(tmp_path / "nowhere"))


def test_two_models_do_not_share_a_name(encoder_dir: Path, active_encoder_version: EncoderVersion) -> None:
    with pytest.raises(CommandError, match=r"was made of .*all-MiniLM-L6-v2; choose another --name"):
        export("--model", "/somewhere/else/all-minilm-l6-v2")


def test_other_weights_under_the_same_name_make_every_vector_stale(
    encoder_dir: Path, exported_encoder: Path, active_encoder_version: EncoderVersion
) -> None:
    product = make_product("Red kettle")
    embed_stale_products()
    EncoderVersion.objects.update(checksum="0" * 64)
    export()
    version = EncoderVersion.objects.get()
    assert version.checksum == checksum(exported_encoder / "model.onnx")
    assert list(stale_products(version)) == [product]


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("sentence-transformers/all-MiniLM-L6-v2", "all-minilm-l6-v2"),
        ("/models/My Model/", "my-model"),
        ("..", "encoder"),
    ],
)
def test_a_version_is_named_after_its_model(model: str, name: str) -> None:
    assert version_name(model) == name
