"""A reader of a snapshot that stalls: it keeps a read transaction open, and etcd cannot use freed pages again."""

import contextlib
import urllib.parse

import grpc

SNAPSHOT = "/etcdserverpb.Maintenance/Snapshot"


@contextlib.contextmanager
def stalled_snapshot(url):
    """Reads one piece of a snapshot and no more of it until the block ends; then the read transaction ends, too.

    The database must be larger than what flow control lets through: 1 MiB is enough.
    """
    window = {"grpc.http2.bdp_probe": 0, "grpc.http2.lookahead_bytes": 1 << 14, "grpc.enable_retries": 0}
    with grpc.insecure_channel(urllib.parse.urlparse(url).netloc, options=list(window.items())) as channel:
        pieces = channel.unary_stream(SNAPSHOT)(b"")
        try:
            next(pieces)
            yield
        finally:
            pieces.cancel()
