"""Fine-tunes an encoder on a training set, with the Trainer of sentence-transformers.

A process of its own:
`python -m search.training FOLDER`; for several GPUs `accelerate launch -m search.training FOLDER`.
The folder has the training set, `recipe.json` and `parent.txt` (a model's folder or name); it gets `checkpoints/`,
`tensorboard/`, `progress.json` and at the end `weights/` (safetensors), whole or not at all. Run again after an
interruption it goes on from the last checkpoint, and does nothing where the weights are there.

The recipe for dense retrieval is that of Karpukhin et al. 2020, with weights averaged towards the parent's at the end
(Wortsman et al. 2022), which forgets less.
"""

import fcntl
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from safetensors.torch import load_model, save_model
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from transformers import EarlyStoppingCallback, TrainerCallback, set_seed
from transformers.trainer_utils import get_last_checkpoint

from search.child_process import end_with_parent
from search.losses import ListwiseCrossEntropy, MaskedInfoNCE
from search.recipe import Recipe, RecipeInvalid, read_recipe
from search.training_files import CHECKPOINTS, PARENT, PROGRESS, WEIGHTS
from search.training_set import EXAMPLES, Example, TrainingSet, TrainingSetInvalid, read_training_set
from search.words import is_chinese

logger = logging.getLogger(__name__)

VALIDATION_SHARE = 0.1  # of the queries ...
VALIDATION_MOST = 128  # ... examples, because validating takes a step's time for each batch
SHOWN = 8  # products of a list, the chosen one among them
LORA_RANK, LORA_ALPHA = 8, 16  # search/EXPERIMENTS.md


def fine_tune(folder: Path) -> Path:
    """Trains what the folder says; returns the folder of the weights. Raises TrainingSetInvalid and RecipeInvalid."""
    weights = folder / WEIGHTS
    if (weights / "modules.json").is_file():
        return weights
    recipe, training_set = read_recipe(folder), read_training_set(folder)
    torch.set_num_threads(recipe.threads or os.cpu_count() or 1)
    set_seed(recipe.seed)  # LoRA begins at random
    parent = (folder / PARENT).read_text().strip()
    model = SentenceTransformer(parent, device=None if torch.cuda.is_available() else "cpu")
    before = {name: tensor.detach().clone().cpu() for name, tensor in model.state_dict().items()}
    tokens, model.max_seq_length = model.max_seq_length, recipe.max_tokens
    if recipe.adapter == "lora":
        _add_lora(model)
    _train(model, training_set, recipe, folder)
    if recipe.adapter == "lora":
        _merge_lora(model)
    if not all(tensor.isfinite().all() for tensor in model.state_dict().values()):
        raise RecipeInvalid(f"learning_rate is {recipe.learning_rate}; with that the weights are no numbers any more.")
    _average(model, before, recipe.average)
    model.max_seq_length = tokens
    unfinished = folder / f"{WEIGHTS}.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    model.save(str(unfinished), safe_serialization=True, create_model_card=False)
    unfinished.rename(weights)
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    return weights


def _train(model: Any, training_set: TrainingSet, recipe: Recipe, folder: Path) -> None:
    negatives = _negatives(training_set.examples)
    training, validation = _split(training_set.examples)
    rows = _list_rows if recipe.loss == "listwise" else _pair_rows
    loss = (
        ListwiseCrossEntropy(model, recipe.temperature)
        if recipe.loss == "listwise"
        else MaskedInfoNCE(
            model,
            training_set,
            negatives,
            recipe.temperature,
            before=_before(model, training_set, negatives) if recipe.anchor else None,
            anchor=recipe.anchor,
        )
    )
    learned, held_out = (rows(training_set, numbers, negatives) for numbers in (training, validation))
    if not learned:
        raise TrainingSetInvalid(f"{folder / EXAMPLES} has no example to train on.")
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(folder / "tensorboard")
    trainer = _Trainer(
        model=model,
        args=_arguments(recipe, folder, validates=bool(held_out)),
        train_dataset=Dataset.from_list(learned),
        eval_dataset=Dataset.from_list(held_out) if held_out else None,
        loss=loss,
        callbacks=[_Progress(folder / PROGRESS), *([EarlyStoppingCallback(recipe.patience)] if held_out else [])],
    )
    trainer.train(resume_from_checkpoint=_checkpoint(folder / CHECKPOINTS))


def _before(model: Any, training_set: TrainingSet, negatives: Sequence[int]) -> dict[str, torch.Tensor]:
    """What the parent makes of the queries made of the catalogue, and of all texts of products: unit vectors by text.

    `model` is the parent, as it begins. Nothing where there are no clicks: then the catalogue is there to teach, not to
    hold. Chinese queries always teach, because the first parent cannot read them, and so do those that shoppers clicked
    for. Some 20 s on two cores.
    """
    examples = training_set.examples
    clicked = {example.query for example in examples if not example.is_made}
    if not clicked:
        return {}
    queries = {one.query for one in examples if not is_chinese(one.query)} - clicked
    documents = {
        training_set.view(pk, number)
        for number, example in enumerate(examples)
        for pk in (example.positive, negatives[number])
    }
    texts = sorted(queries | documents)
    vectors = model.encode(texts, batch_size=64, convert_to_tensor=True, normalize_embeddings=True)
    return dict(zip(texts, vectors.float().cpu(), strict=True))


def _arguments(recipe: Recipe, folder: Path, *, validates: bool) -> SentenceTransformerTrainingArguments:
    on_gpu = torch.cuda.is_available()
    is_bf16 = torch.cuda.is_bf16_supported() if on_gpu else torch.cpu._is_avx512_bf16_supported()
    every = min(recipe.validate_every, recipe.steps)
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder / CHECKPOINTS),
        max_steps=recipe.steps,
        per_device_train_batch_size=recipe.batch_size,
        per_device_eval_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulate,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        warmup_steps=round(recipe.warmup * recipe.steps),
        lr_scheduler_type="linear",
        bf16=is_bf16,
        fp16=on_gpu and not is_bf16,
        use_cpu=not on_gpu,
        seed=recipe.seed,
        data_seed=recipe.seed,
        logging_steps=1,
        logging_first_step=True,
        report_to=["tensorboard"],
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        eval_strategy="steps" if validates else "no",
        eval_steps=every if validates else None,
        load_best_model_at_end=validates,
        dataloader_pin_memory=on_gpu,
        disable_tqdm=not sys.stderr.isatty(),
    )


def _pair_rows(training_set: TrainingSet, numbers: Sequence[int], negatives: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "query": training_set.examples[number].query,
            "positive": training_set.view(training_set.examples[number].positive, number),
            "negative": training_set.view(negatives[number], number),
            "label": number,
        }
        for number in numbers
    ]


def _list_rows(training_set: TrainingSet, numbers: Sequence[int], _: Sequence[int]) -> list[dict[str, Any]]:
    """Lists of SHOWN products each; a list that is too short is filled with products of other examples."""
    rows = []
    for number in numbers:
        example = training_set.examples[number]
        others = [pk for pk in example.shown if not training_set.answers(example, pk)]  # others were chosen, too
        every = training_set.examples
        fill = (every[(number * 31 + step * 7919) % len(every)] for step in range(1, 99))
        others += [one.positive for one in fill if not training_set.answers(example, one.positive)]
        place = number % SHOWN  # the chosen one is not always the first
        listed = others[: SHOWN - 1]
        if len(listed) < SHOWN - 1:
            continue
        listed.insert(place, example.positive)
        shown = {f"shown_{at}": training_set.view(pk, number) for at, pk in enumerate(listed)}
        rows.append({"query": example.query, **shown, "label": place})
    return rows


def _negatives(examples: Sequence[Example]) -> list[int]:
    """Each example's hard negative, or else the positive of another one, which costs nothing more."""
    return [
        example.negative if example.negative is not None else examples[(number * 7919 + 1) % len(examples)].positive
        for number, example in enumerate(examples)
    ]


def _split(examples: Sequence[Example]) -> tuple[list[int], list[int]]:
    """Numbers of the examples to train on and to validate with. No query is in both: every tenth one validates."""
    place = {query: number for number, query in enumerate(dict.fromkeys(example.query for example in examples))}
    every = round(1 / VALIDATION_SHARE)
    validation = [n for n, example in enumerate(examples) if place[example.query] % every == every - 1]
    chosen = set(validation[:VALIDATION_MOST])
    return [n for n, example in enumerate(examples) if place[example.query] % every != every - 1], sorted(chosen)


def _add_lora(model: Any) -> None:
    """Low-rank additions to attention and feed-forward weights are trained instead of the weights (Hu et al. 2021)."""
    from peft import LoraConfig, inject_adapter_in_model

    modules = ["query", "key", "value", "dense"]
    config = LoraConfig(r=LORA_RANK, lora_alpha=LORA_ALPHA, target_modules=modules, lora_dropout=0.0)
    inject_adapter_in_model(config, model[0].model if hasattr(model[0], "model") else model[0].auto_model)


def _merge_lora(model: Any) -> None:
    """Adds what LoRA learned to the weights it stands beside, and takes LoRA out."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    for name, module in list(model.named_modules()):
        if isinstance(module, BaseTunerLayer):
            module.merge()
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent), child, module.get_base_layer())


def _average(model: Any, before: dict[str, torch.Tensor], share: float) -> None:
    """weights = share x trained + (1 - share) x before, in place."""
    if share == 1.0:
        return
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.mul_(share).add_(before[name].to(tensor.device), alpha=1 - share)


def _checkpoint(folder: Path) -> str | None:
    """The last checkpoint that was written to its end; one that was not is deleted."""
    while folder.is_dir() and (last := _last_checkpoint(folder)):
        if _is_whole(Path(last)):
            return last
        shutil.rmtree(last)
    return None


def _is_whole(checkpoint: Path) -> bool:
    try:
        return "global_step" in json.loads((checkpoint / "trainer_state.json").read_text())  # written last
    except (OSError, ValueError):
        return False


class _Trainer(SentenceTransformerTrainer):
    """Its checkpoints have the weights under the names of training, which LoRA changes: theirs would be read as
    another model's, whose missing weights begin at random."""

    def _save(self, output_dir: str | None = None, state_dict: dict[str, Any] | None = None) -> None:
        folder = Path(str(output_dir or self.args.output_dir))
        folder.mkdir(parents=True, exist_ok=True)
        save_model(self.model, str(folder / "model.safetensors"))

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        load_model(self.model, str(Path(resume_from_checkpoint) / "model.safetensors"))

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        """The version's card is our own; theirs reads the whole training set for examples, for half a minute."""


def _last_checkpoint(folder: Path) -> str | None:
    return get_last_checkpoint(str(folder))  # type: ignore[no-untyped-call,no-any-return]


class _Progress(TrainerCallback):
    """Writes how far it is, for whoever waits: step, steps, loss."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        if logs and "loss" in logs:
            unfinished = self._path.with_suffix(".part")
            unfinished.write_text(
                json.dumps({"step": state.global_step, "steps": state.max_steps, "loss": round(logs["loss"], 4)})
            )
            unfinished.rename(self._path)


def main(arguments: Sequence[str], *, run: Callable[[Path], Path] = fine_tune) -> None:
    """`FOLDER`, and perhaps `--with-parent`. One process at a time trains in a folder."""
    folder = Path(arguments[0])
    if "--with-parent" in arguments:
        end_with_parent()
    try:
        if "LOCAL_RANK" in os.environ:  # several processes of one launch
            run(folder)
            return
        with (folder / "training.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            run(folder)
    except (TrainingSetInvalid, RecipeInvalid) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
