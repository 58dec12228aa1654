"""The models that read one line of text: PP-OCRv6, and PP-OCRv4 as the second opinion.

Both are networks with a CTC decoder: for each of a row of narrow columns a probability of every character.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from adapters.pdf.second_model import second_model_files
from domain.reading.two_models import ModelReading

_HEIGHT = 48
_LEAST_WIDTH = 320
"""PP-OCRv6 was trained on lines filled up to this width."""
_BLANK = ""

_Network = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class LineRead:
    """One line as one model reads it."""

    reading: ModelReading
    middles: tuple[float, ...]
    """Of each character, as part of the width of the line, 0 to 1."""


class LineModel:
    """One network with its alphabet."""

    def __init__(self, network: _Network, alphabet: Sequence[str], least_width: int) -> None:
        """`alphabet` has the blank in its first place; lines are filled up to `least_width` pixels."""
        self._network = network
        self._alphabet = alphabet
        self._least_width = least_width

    def read(self, line: npt.NDArray[np.uint8]) -> LineRead:
        """The line in the picture, which is rows of blue, green, red."""
        width = max(1, math.ceil(_HEIGHT * line.shape[1] / line.shape[0]))
        padded = np.zeros((1, 3, _HEIGHT, max(width, self._least_width)), np.float32)
        small = np.asarray(cv2.resize(line, (width, _HEIGHT)), np.float32)
        padded[0, :, :, :width] = (small / 255 - 0.5).transpose(2, 0, 1) / 0.5
        columns = self._network(padded)[0]
        best, sure = columns.argmax(axis=1), columns.max(axis=1)
        first = np.concatenate(([True], best[1:] != best[:-1]))
        kept = np.flatnonzero(first & (best > 0))
        text = [self._alphabet[index] for index in best[kept]]
        step = padded.shape[3] / len(columns) / width
        return LineRead(
            ModelReading("".join(text), tuple(float(each) for each in sure[kept])),
            tuple(min(1.0, (float(column) + 0.5) * step) for column in kept),
        )


def first_model(recogniser: Any) -> LineModel:
    """The model of RapidOCR's text recogniser."""
    return LineModel(recogniser.session, recogniser.postprocess_op.character, _LEAST_WIDTH)


def second_model() -> LineModel | None:
    """PP-OCRv4, or None where it is not installed as it must be."""
    files = second_model_files()
    if files is None:
        return None
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(files[0]), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    alphabet = [_BLANK, *files[1].read_text(encoding="utf-8").splitlines(), " "]
    return LineModel(lambda picture: session.run(None, {name: picture})[0], alphabet, _HEIGHT)
