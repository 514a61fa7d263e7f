"""What can go wrong at the far end, on demand: for n requests, or with a probability."""

import json
import random
import threading

MODES = ("500", "429", "error_body", "timeout", "slow", "garbage", "reset", "reset_after")
CALLBACK = ("twice", "lost", "reorder", "garbage", "bad_signature")  # target "callback": how we report back
STORED = ("timeout", "slow", "reset_after")  # modes in which the notice is published all the same


class Faults:
    """The faults ordered by POST /control/faults, used up one request at a time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.orders: list[dict] = []
        self.random = random.Random()  # noqa: S311 - weather, not secrets
        self.released = threading.Event()  # set while nothing may hang: at shutdown and on reset

    def order(self, text: bytes) -> None:
        """Add one order, or clear all with mode "none"; ValueError when it makes no sense."""
        order = json.loads(text)
        if not isinstance(order, dict) or order.get("mode") not in (*MODES, *CALLBACK, "none"):
            raise ValueError("mode")
        if order["mode"] == "none":
            return self.clear()
        order = {
            "mode": order["mode"],
            "target": order.get("target", "publish"),
            "times": int(order["times"]) if "times" in order else None,
            "probability": float(order.get("probability", 1)),
            "seconds": float(order.get("seconds", 30)),
            "retry_after": int(order.get("retry_after", 2)),
            "stored": bool(order.get("stored", order["mode"] in STORED)),
        }
        with self.lock:
            self.released.clear()
            self.orders.append(order)

    def clear(self) -> None:
        with self.lock:
            self.orders = []
            self.released.set()

    def next(self, target: str) -> dict | None:
        """The fault that befalls this request, if any."""
        with self.lock:
            for order in self.orders:
                if order["target"] == target and self.random.random() < order["probability"]:
                    return self.use(order)
        return None

    def use(self, order: dict) -> dict:
        if order["times"] is not None:
            order["times"] -= 1
            if order["times"] <= 0:
                self.orders.remove(order)
        return order
