"""`python -m procurement.sandbox.executors --port N --store FILE …`: e-malls, trading system and agencies."""

import argparse
import signal
import threading

from .sender import Sender
from .server import Executors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--store", required=True, help="SQLite file")
    parser.add_argument("--trust", required=True, help="folder of the senders' certificates (PEM)")
    parser.add_argument("--keys", required=True, help="folder of <role>.key and <role>.pem: who we sign as")
    parser.add_argument("--callback", required=True, help="address to report to, without /<role>/")
    parser.add_argument("--retry", type=float, default=2.0, help="seconds before the first retry of a report")
    parser.add_argument("--control-token", default="", help="opens /control/; without it control is shut")
    parser.add_argument("--public-url", default="", help="address the public sees, if another")
    options = parser.parse_args()
    server = Executors(
        (options.host, options.port), options.store, options.trust, options.control_token, options.public_url
    )
    sender = Sender(server, options.keys, options.callback, options.retry)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    sender.start()
    print(f"listening on {server.url}", flush=True)  # the launcher and the tests wait for this line
    server.serve_forever()
    sender.stop()


if __name__ == "__main__":
    main()
