"""Red rings and numbers on a picture of a page, and a small file of it."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

RED, WHITE = (214, 36, 36), (255, 255, 255)
REDS = [RED, (222, 84, 84), (232, 140, 140), (244, 200, 200), (150, 30, 60)]  # its edges on white and blue
FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
COLOURS = 96
FINE = 3  # drawn that much larger and shrunk: smooth edges


@dataclass
class Box:
    """Where a thing stands, in pixels of the page."""

    x: float
    y: float
    width: float
    height: float

    def edges(self, gap: float, size: tuple[int, int]) -> list[float]:
        """Around it, within the picture."""
        left, top = max(3, self.x - gap), max(3, self.y - gap)
        right = min(size[0] - 4, self.x + self.width + gap)
        bottom = min(size[1] - 4, self.y + self.height + gap)
        return [left * FINE, top * FINE, max(right, left + 8) * FINE, max(bottom, top + 8) * FINE]


def ring(png: bytes, boxes: list[Box]) -> bytes:
    picture = Image.open(BytesIO(png)).convert("RGB")
    layer = Image.new("RGBA", (picture.width * FINE, picture.height * FINE))
    draw = ImageDraw.Draw(layer)
    for number, box in enumerate(boxes, 1):
        edges = box.edges(5, picture.size)
        draw.rounded_rectangle(edges, radius=9 * FINE, outline=(*WHITE, 230), width=6 * FINE)
        inner = [edges[0] + FINE, edges[1] + FINE, edges[2] - FINE, edges[3] - FINE]
        draw.rounded_rectangle(inner, radius=8 * FINE, outline=(*RED, 255), width=3 * FINE)
        if len(boxes) > 1:
            badge(draw, edges, str(number))
    marks = layer.resize(picture.size, Image.Resampling.LANCZOS)
    picture.paste(marks, mask=marks)
    small = BytesIO()
    few(picture).save(small, "PNG", optimize=True)
    return small.getvalue()


def few(picture: Image.Image) -> Image.Image:
    """In few colours, the red of the rings among them however little of it there is."""
    found = picture.quantize(COLOURS - len(REDS), dither=Image.Dither.NONE).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([*found[: 3 * (COLOURS - len(REDS))], *(part for red in REDS for part in red)])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def badge(draw: ImageDraw.ImageDraw, edges: list[float], text: str) -> None:
    """The number on the ring's upper left corner."""
    radius = 11 * FINE
    x, y = max(edges[0], radius + FINE), max(edges[1], radius + FINE)
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=RED, outline=WHITE, width=2 * FINE)
    draw.text((x, y), text, fill=WHITE, anchor="mm", font=ImageFont.truetype(FONT, 14 * FINE))
