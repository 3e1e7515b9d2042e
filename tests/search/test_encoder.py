from pathlib import Path

import numpy as np
import pytest

from search.encoder import Encoder, EncoderUnavailable, load_encoder

LONG = "a very long text about a red bicycle with a basket and a bell " * 10


@pytest.fixture(scope="module")
def encoder(exported_encoder: Path) -> Encoder:
    return load_encoder(exported_encoder)


def test_vectors_are_unit_rows_of_the_right_shape(encoder: Encoder) -> None:
    vectors = encoder.encode_documents(["red shoe", "blue car", ""])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_no_text_and_one_text_keep_two_dimensions(encoder: Encoder) -> None:
    assert encoder.encode_queries([]).shape == (0, 384)
    assert encoder.encode_queries(["shoe"]).shape == (1, 384)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_vector_does_not_depend_on_its_neighbours(exported_encoder: Path, threads: int) -> None:
    encoder = load_encoder(exported_encoder, threads=threads)
    texts = [LONG, "shoe", "a much longer text about shoes", "car"]
    together = encoder.encode_documents(texts)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], encoder.encode_documents([text])[0])


def test_similar_meanings_are_near(encoder: Encoder) -> None:
    query, near, far = encoder.encode_queries(["notebook computer", "laptop", "banana"])
    assert float(query @ near) > float(query @ far) + 0.3


def test_the_query_cache_gives_the_same_vector(encoder: Encoder) -> None:
    assert encoder.encode_query("tea") is encoder.encode_query("tea")


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="export_encoder"):
        load_encoder(tmp_path / "nowhere")


def test_a_broken_graph_is_unavailable_and_not_a_crash(tmp_path: Path, exported_encoder: Path) -> None:
    for name in ("encoder.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((exported_encoder / name).read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(EncoderUnavailable, match=r"model\.onnx"):
        load_encoder(tmp_path)
