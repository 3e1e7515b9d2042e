"""An encoder of one layer, for what takes minutes with a real one. Imports torch, so only slow tests use it."""

from pathlib import Path

from search.export import model_folder


def save_model(folder: Path, *, width: int) -> str:
    """A sentence-transformers model of one layer with random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(3)
    config = BertConfig(
        hidden_size=width, num_hidden_layers=1, num_attention_heads=4, intermediate_size=64, max_position_embeddings=128
    )
    BertModel(config).save_pretrained(folder / "bert")
    words = AutoTokenizer.from_pretrained(model_folder("sentence-transformers/all-MiniLM-L6-v2"))
    words.save_pretrained(folder / "bert")
    transformer = Transformer(str(folder / "bert"), max_seq_length=64)
    SentenceTransformer(modules=[transformer, Pooling(width)]).save(str(folder / "Small Model"))
    return str(folder / "Small Model")
