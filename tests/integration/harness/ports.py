"""Free loopback ports."""

import random
import socket


def free_port():
    """Below the range that outgoing connections take, so that nobody has it while a server is being restarted."""
    for port in random.sample(range(20000, 32000), 500):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port")
