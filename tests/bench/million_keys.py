"""A store as full as a large cluster's, written within seconds."""

import grpc

KEYS, RESOURCES, LARGEST = 1_000_000, 300, 200_000  # the largest resource has so many
KEYS_PER_TXN = 5_000


def million_keys():
    """Keys of 300 custom resources, one of them large, with their CRDs."""
    for number in range(RESOURCES):
        yield f"/registry/apiextensions.k8s.io/customresourcedefinitions/things{number}.group{number}.example.com"
    for number in range(KEYS - RESOURCES):
        resource = 0 if number < LARGEST else 1 + number % (RESOURCES - 1)
        yield f"/registry/group{resource}.example.com/things{resource}/ns{number // RESOURCES % 50}/object-{number}"


def field(number, data):
    """A field of protobuf, for short ones."""
    return bytes((number << 3 | 2, len(data))) + data


def fill(etcd):
    """Writes them in large transactions; the load tool's writes, one each, would take minutes."""
    put = field(2, b"k8s\0")
    batch = []
    with grpc.insecure_channel(etcd.url.removeprefix("http://")) as channel:
        txn = channel.unary_unary("/etcdserverpb.KV/Txn")
        for number, key in enumerate(million_keys(), 1):
            batch.append(field(2, field(2, field(1, key.encode()) + put)))
            if number % KEYS_PER_TXN == 0:
                txn(b"".join(batch))
                batch.clear()
