"""Something that answers like an etcd of any version and state: for what no real server here can be brought to say."""

import concurrent.futures
import queue
import threading

import grpc

from .ports import free_port


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(fields):
    """Encodes {field number: int | str | bytes | dict | list of these} as protobuf."""
    out = b""
    for number, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict):
                value = message(value)
            if isinstance(value, str):
                value = value.encode()
            if isinstance(value, bytes):
                out += varint(number << 3 | 2) + varint(len(value)) + value
            elif value:
                out += varint(number << 3) + varint(value)
    return out


def decoded(encoded):
    """The inverse of message(), for varints and bytes: {field number: int | bytes}."""
    found, at = {}, 0

    def read():
        nonlocal at
        value = shift = 0
        while True:
            byte = encoded[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(encoded):
        tag = read()
        found[tag >> 3] = read()
        if tag & 7 == 2:
            size, begin = found[tag >> 3], at
            found[tag >> 3], at = encoded[begin : begin + size], begin + size
    return found


def start_revision(watch_request):
    return decoded(decoded(watch_request)[1]).get(3, 0)


class FakeEtcd:
    """Serves Status, MemberList, Range and one watch at a time.

    Change `status` (fields of StatusResponse) and `members` between scrapes; what the watch brings is sent by `send`.
    """

    def __init__(self, cluster_id=0xC1, member_id=0xA1, name="fake"):
        self.header = {1: cluster_id, 2: member_id, 3: 100}
        self.status = {1: self.header, 2: "3.6.7", 3: 20480, 4: member_id, 7: 50, 9: 16384, 11: "3.6.0", 12: 2147483648}
        self.members = [{1: member_id, 2: name}]
        self.refuse_members = False
        self.release_status = None  # a threading.Event that Status waits for
        self.watched_from = []  # the start revision that each watch asked for
        self._answers = queue.Queue()  # bytes of the watch, or None to end it
        self.calls = {"Status": 0, "MemberList": 0, "Range": 0}
        self._lock = threading.Lock()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server = grpc.server(concurrent.futures.ThreadPoolExecutor(16))
        self._server.add_generic_rpc_handlers((self._handler(),))
        self._server.add_insecure_port(f"127.0.0.1:{self.port}")
        self._server.start()

    def stop(self):
        if self.release_status:
            self.release_status.set()
        self.end_watch()
        self._server.stop(None).wait()

    def send(self, events, revision, fragment=False):
        """One WatchResponse over the watch; `revision` is the store's from now on."""
        self.header[3] = revision
        self.send_bytes(message({1: self.header, 7: int(fragment), 11: events}))

    def send_bytes(self, answer):
        self._answers.put(answer)

    def end_watch(self):
        self._answers.put(None)

    def _handler(self):
        def unary(method):
            return grpc.unary_unary_rpc_method_handler(method)

        methods = {
            "/etcdserverpb.Maintenance/Status": unary(self._status),
            "/etcdserverpb.Cluster/MemberList": unary(self._member_list),
            "/etcdserverpb.KV/Range": unary(self._range),
            "/etcdserverpb.Watch/Watch": grpc.stream_stream_rpc_method_handler(self._watch),
        }

        class Handler(grpc.GenericRpcHandler):
            def service(self, call):
                return methods.get(call.method)

        return Handler()

    def _count(self, method):
        with self._lock:
            self.calls[method] += 1

    def _status(self, _request, _context):
        self._count("Status")
        if self.release_status:
            self.release_status.wait(30)
        return message(self.status)

    def _member_list(self, _request, context):
        self._count("MemberList")
        if self.refuse_members:
            context.abort(grpc.StatusCode.UNAVAILABLE, "etcdserver: rpc not supported for learner")
        return message({1: self.header, 2: self.members})

    def _range(self, _request, _context):
        self._count("Range")
        return message({1: self.header})

    def _watch(self, requests, context):
        self.watched_from.append(start_revision(next(requests)))
        while not self._answers.empty():  # of a watch that is gone
            self._answers.get()
        context.add_callback(self.end_watch)
        yield message({1: self.header, 3: 1})
        while (answer := self._answers.get()) is not None:
            yield answer
