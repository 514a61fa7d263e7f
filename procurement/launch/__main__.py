"""`python -m procurement.launch VERB`: what `./run` hands over to once the environment is there."""

import signal
import sys
from importlib import import_module

from .places import PlaceTaken
from .say import say
from .waiting import NotReady

VERBS = {
    "demo": "demo",
    "test": "tests",
    "check": "check",
    "bench": "bench",
    "manual": "manual",
    "stop": "stop",
    "doctor": "doctor",
}


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(words: list[str]) -> int:
    verb, *rest = words or ["help"]
    if verb not in VERBS:
        say(f"未知的命令: {verb}")
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return import_module(f".{VERBS[verb]}", __package__).main(rest)
    except KeyboardInterrupt:
        return 130
    except PlaceTaken as error:
        say(f"{error} 正在使用中: 请先在另一终端结束, 或执行 ./run stop")
        return 4
    except NotReady as error:
        say(f"启动失败: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
