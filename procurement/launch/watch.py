"""While the demo runs: a part that ends by itself (a killed Celery worker, say) is started again."""

import threading
import time

from .processes import Program
from .say import say

FALLS = 3  # so often within SECONDS is no accident
SECONDS = 60


class Watch(threading.Thread):
    """Looks at every program each second, until it is ended or a program cannot be kept up."""

    def __init__(self, programs: list[Program], pause: float = 1):
        super().__init__(daemon=True)
        self.programs, self.pause = programs, pause
        self.over = threading.Event()
        self.given_up: Program | None = None
        self.falls = {program.name: [] for program in programs}

    def run(self) -> None:
        while not self.over.wait(self.pause):
            for program in self.programs:
                if not program.running() and not self.over.is_set():
                    self.fallen(program)

    def fallen(self, program: Program) -> None:
        say(f"\n{program.name} 已退出 (代码 {program.process.returncode})\n{program.tail(5)}")
        now = time.monotonic()
        self.falls[program.name] = [at for at in self.falls[program.name] if at > now - SECONDS] + [now]
        program.stop()  # what it left behind in its session
        if len(self.falls[program.name]) > FALLS:
            self.given_up = program
            self.over.set()
            return
        program.start()
        say(f"已重新启动 {program.name}")

    def wait(self) -> int:
        """Until Ctrl-C, or until a program had to be given up."""
        self.over.wait()
        say(f"{self.given_up.name} 反复退出, 演示停止; 日志: {self.given_up.log}")
        return 1

    def end(self) -> None:
        """Before the programs are stopped on purpose."""
        self.over.set()
        if self.is_alive():
            self.join()
