"""`./run stop`: end the demo, and what dead runs have left; a test run at work is let be."""

from .places import VAR, Place, PlaceTaken
from .processes import Record, reap
from .say import say, step
from .session import LAUNCHER

PLACES = ("demo", "practice", "test", "bench")
ASKED = ("demo", "practice")  # they end everything of theirs in order


def main(words: list[str]) -> int:
    ended = []
    for name in PLACES:
        if (VAR / name).is_dir():
            ended += end(Place(VAR / name).prepare(), ask=name in ASKED)
    say(f"已停止: {' '.join(ended)}" if ended else "没有在运行的进程")
    return 0


def end(place: Place, ask: bool) -> list[str]:
    launcher = Record.read(place.home / LAUNCHER)
    asked = bool(ask and launcher and launcher.alive())
    if asked:
        with step("请演示自行停止"):
            launcher.end(place, seconds=60)
    try:
        place.take()
    except PlaceTaken:
        say(f"{place.home} 正在使用中, 未触动")
        return []
    return ([place.home.name] if asked else []) + reap(place)
