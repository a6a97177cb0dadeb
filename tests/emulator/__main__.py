"""Run the embedded AWS: ``python -m tests.emulator --port 5017``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
from types import FrameType

HOST = "127.0.0.1"

# moto reads these when it is imported.
_ENVIRONMENT = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    "MOTO_ACM_VALIDATION_WAIT": "0",
    "MOTO_ENABLE_ISO_REGIONS": "false",
    # 1,300 images for instances that nobody starts here, made anew after every reset
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=5017, help="port on loopback; 0 takes a free one")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    parser.add_argument(
        "--without", action="append", default=[], metavar="MODULE", help="leave a module of services/ out: moto alone"
    )
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when standard input ends, as when the caller was killed"
    )
    arguments = parser.parse_args()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, _stop)
    if arguments.until_stdin_closes:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    os.environ.update(_ENVIRONMENT)
    # What moto itself asks of AWS (it never should) must not reach it with anybody's credentials.
    os.environ.update(AWS_ACCESS_KEY_ID="emulator", AWS_SECRET_ACCESS_KEY="emulator", AWS_EC2_METADATA_DISABLED="true")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    logging.getLogger("werkzeug").setLevel(logging.INFO if arguments.verbose else logging.ERROR)

    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from tests.emulator.app import Emulator

    application = Emulator(arguments.without)
    server = make_server(HOST, arguments.port, application, threaded=True, request_handler=MotoRequestHandler)
    os.environ.setdefault("MOTO_PORT", str(server.server_port))
    print(f"emulator ready on http://{HOST}:{server.server_port}", flush=True)
    server.serve_forever()


def _stop(signum: int, frame: FrameType | None) -> None:
    # Nothing is kept, so there is nothing to tidy: leave at once, without waiting for calls under way.
    os._exit(0)


def _stop_with_stdin() -> None:
    # Read from the descriptor: a thread that waits in sys.stdin would hold its lock when the interpreter ends.
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
