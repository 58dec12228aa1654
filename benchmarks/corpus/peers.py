"""The other readers, in a virtual environment of their own: `python peers.py NAME` reads the paths on standard input.

It imports nothing of the project. Each reader is used as its documentation shows first.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import logging
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

_TIMES = 3


def pypdf() -> Callable[[str], str]:
    library = import_module("pypdf")

    return lambda path: "\n".join(page.extract_text() for page in library.PdfReader(path).pages)


def pypdfium2() -> Callable[[str], str]:
    library = import_module("pypdfium2")

    def read(path: str) -> str:
        with library.PdfDocument(path) as document:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document)

    return read


def pdfplumber() -> Callable[[str], str]:
    library = import_module("pdfplumber")

    def read(path: str) -> str:
        with library.open(path) as document:
            return "\n".join(page.extract_text() or "" for page in document.pages)

    return read


def pdfminer_six() -> Callable[[str], str]:
    library = import_module("pdfminer.high_level")

    return lambda path: str(library.extract_text(path))


def markitdown() -> Callable[[str], str]:
    library = import_module("markitdown")

    reader = library.MarkItDown()
    return lambda path: str(reader.convert(path).text_content)


def kreuzberg() -> Callable[[str], str]:
    library = import_module("kreuzberg")

    # Its default asks Tesseract where it finds no text; this machine's Chinese data is not part of the package.
    config = library.ExtractionConfig(disable_ocr=True)
    return lambda path: str(library.extract_file_sync(path, config=config).content)


def pymupdf4llm() -> Callable[[str], str]:
    library = import_module("pymupdf4llm")

    return lambda path: str(library.to_markdown(path, show_progress=False))


def rapidocr() -> Callable[[str], str]:
    """Our own recogniser without anything of ours: each page drawn at 200 dpi, everything else as it comes."""
    pdfium, library = import_module("pypdfium2"), import_module("rapidocr")

    threads = "EngineConfig.onnxruntime.intra_op_num_threads"
    engine = library.RapidOCR(params={threads: 1, "Global.log_level": "critical"})

    def read(path: str) -> str:
        with pdfium.PdfDocument(path) as document:
            pages = [engine(page.render(scale=200 / 72).to_numpy()[:, :, :3]) for page in document]
        return "\n".join(line for page in pages for line in page.txts or ())

    return read


OURS = ("rapidocr",)
"""These are installed with the project; the others have an environment of their own."""
READERS = {
    "rapidocr": rapidocr,
    "pypdf": pypdf,
    "pypdfium2": pypdfium2,
    "pdfplumber": pdfplumber,
    "pdfminer.six": pdfminer_six,
    "markitdown": markitdown,
    "kreuzberg": kreuzberg,
    "pymupdf4llm": pymupdf4llm,
}


def peak_kb() -> int:
    """Of this process alone; getrusage would count what its parent held when it was forked."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main() -> None:
    logging.disable(logging.CRITICAL)
    answers, sys.stdout = sys.stdout, io.StringIO()
    name = sys.argv[1]
    read = READERS[name]()
    version = importlib.metadata.version(name)
    for line in sys.stdin:
        path = json.loads(line)
        text, seconds = "", []
        try:
            for _ in range(_TIMES):
                began = time.process_time()
                text = read(path)
                seconds.append(time.process_time() - began)
                if seconds[0] > 1:
                    break
        except Exception as error:  # noqa: BLE001 - a reader that fails has read nothing
            text = ""
            seconds.append(0.0)
            print(json.dumps({"failed": type(error).__name__}), file=sys.stderr)
        answer = {"version": version, "text": text, "seconds": min(seconds), "peak_kb": peak_kb()}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
