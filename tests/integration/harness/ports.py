"""Free loopback ports."""

import random
import socket

_claims = []  # sockets whose names say that this process has the port; freed with the process


def free_port():
    """A port that no other test is given while this process lives.

    Below the range that outgoing connections take, so that nobody has it while a server is being restarted.
    """
    for port in random.sample(range(20000, 32000), 500):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0etcd-headroom-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise OSError("no free port")
