"""From the order to the sealed file."""

from .conftest import made, order


def test_smoke(sealing, document):
    paper = made(order(document))
    assert paper.state == "sealed", paper.error
    with paper.file.open() as file:
        assert paper.mark.encode() in file.read()
