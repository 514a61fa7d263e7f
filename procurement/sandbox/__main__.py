"""`python -m procurement.sandbox --port N --store FILE --trust FOLDER`: the stand-in of 安徽省政府采购网."""

import argparse
import signal
import threading

from .server import Portal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free one")
    parser.add_argument("--store", required=True, help="SQLite file")
    parser.add_argument("--trust", required=True, help="folder of senders' certificates (PEM)")
    parser.add_argument("--control-token", default="", help="opens /control/; without it control is shut")
    parser.add_argument("--public-url", default="", help="address the public sees, if another")
    options = parser.parse_args()
    portal = Portal(
        (options.host, options.port), options.store, options.trust, options.control_token, options.public_url
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=portal.shutdown).start())
    print(f"listening on {portal.url}", flush=True)  # the launcher and the tests wait for this line
    portal.serve_forever()


if __name__ == "__main__":
    main()
