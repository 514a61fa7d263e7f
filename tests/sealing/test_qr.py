"""The QR on the printed page, read by a decoder that owes nothing to what drew it (ZXing)."""

import subprocess

import pytest
import zxingcpp
from PIL import Image

from procurement.sealing import rendering
from tests.tasks import paper_samples as samples

FAR = "https://zfcg.ah.example/verify/?number=JC340001202600001%E5%8F%B7&code=ABCDEFGHJKMN"


def scanned(pdf: bytes, folder, *options: str) -> list[str]:
    """What a phone would read on the first page, drawn by poppler."""
    (folder / "a.pdf").write_bytes(pdf)
    words = ["pdftoppm", "-png", "-singlefile", "-f", "1", "-l", "1", *options]
    subprocess.run([*words, str(folder / "a.pdf"), str(folder / "page")], check=True)
    with Image.open(folder / "page.png") as page:
        return [found.text for found in zxingcpp.read_barcodes(page)]


@pytest.mark.parametrize("options", [("-r", "150"), ("-r", "100", "-gray")], ids=["print", "poor copy"])
def test_a_reader_finds_the_address_of_the_check_and_nothing_else(tmp_path, options):
    paper = samples.paper(samples.snapshot("central"), verify_url=FAR)
    assert scanned(rendering.render(paper), tmp_path, *options) == [FAR]
