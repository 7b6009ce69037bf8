"""What each alert of rules/managed.yaml fires on, and what it must not fire on, as the API servers' metrics."""

import dataclasses

from scenarios import flat, line

# Tables, a case a line.
# fmt: off

QUOTA = 8e9


@dataclasses.dataclass(frozen=True)
class Case:
    """At minute `at` these alerts fire and no others; a severity is given where an alert has two."""

    name: str
    at: int
    series: tuple  # (name, labels, values) without the cluster's own label
    fires: tuple[str, ...] = ()


def size(shares, server="a", storage="etcd-0"):
    """The file as a share of the quota."""
    values = [None if share is None else round(share * QUOTA) for share in shares]
    return ("apiserver_storage_size_bytes", {"instance": server, "storage_cluster_id": storage}, values)


def older(name, shares):
    return (name, {"instance": "a", "endpoint": "https://etcd:2379"}, size(shares)[2])


def requests(server, operation, failing, minutes):
    """Sixty a minute, of which a share fails from the tenth minute on."""
    labels = {"instance": server, "operation": operation, "group": "coordination.k8s.io", "resource": "leases"}
    return (
        ("etcd_requests_total", labels, [60 * m for m in range(minutes)]),
        ("etcd_request_errors_total", labels, [round(60 * failing * max(0, m - 10)) for m in range(minutes)]),
    )


def etcd_requests(writes, reads=0.0, minutes=30):
    """`writes`: the share of them that fails, of each API server."""
    return tuple(
        one for server, share in zip("abc", writes) for operation, failing in (("update", share), ("get", reads))
        for one in requests(server, operation, failing, minutes)
    )


STORM = flat(0.55, 60) + line(0.55, 0.015, 20)

CASES = (
    Case("healthy", 100, (size(flat(0.5, 110)), *etcd_requests((0.0, 0.0), minutes=110))),
    # The level.
    Case("three API servers, each sees 40 %", 40, tuple(size(flat(0.4, 50), server) for server in "abc")),
    Case("86 %", 40, (size(flat(0.86, 50)),), ("HighUse/warning",)),
    Case("86 % for minutes", 10, (size(flat(0.86, 50)),)),
    Case("84 %", 40, (size(flat(0.84, 50)),)),
    Case("96 %", 40, (size(flat(0.96, 50)),), ("HighUse/warning", "HighUse/critical")),
    Case("96 % on one of three members", 40, (size(flat(0.3, 50)), size(flat(0.96, 50), "b"), size(flat(0.3, 50), "c")), ("HighUse/warning", "HighUse/critical")),
    Case("defragmented ten minutes ago", 50, (size(flat(0.96, 40) + flat(0.3, 20)),)),
    Case("96 % in Kubernetes 1.26", 40, (older("apiserver_storage_db_total_size_in_bytes", flat(0.96, 50)),), ("HighUse/warning", "HighUse/critical")),
    Case("86 % in Kubernetes 1.25", 40, (older("etcd_db_total_size_in_bytes", flat(0.86, 50)),), ("HighUse/warning",)),
    Case("an etcd of its own for Events", 40, (size(flat(0.3, 50)), size(flat(0.86, 50), storage="etcd-1")), ("HighUse/warning",)),
    # The forecast.
    Case("storm", 75, (size(STORM),), ("FullWithinTheHour", "FullWithinADay")),
    Case("storm, seen through a load balancer", 75, (size([s - 0.2 * (m % 2) for m, s in enumerate(STORM)]),), ("FullWithinTheHour", "FullWithinADay")),
    Case("storm, one scrape in three is lost", 75, (size([None if m % 3 == 1 else s for m, s in enumerate(STORM)]),), ("FullWithinTheHour", "FullWithinADay")),
    Case("storm that was deleted and defragmented", 95, (size(STORM + flat(0.4, 20)),)),
    Case("two per cent an hour", 300, (size(flat(0.60, 60) + line(0.60, 0.02 / 60, 250)),), ("FullWithinADay",)),
    Case("one burst", 100, (size(flat(0.55, 60) + line(0.55, 0.015, 10) + flat(0.7, 40)),)),
    Case("storm with most of the quota left", 75, (size(flat(0.02, 60) + line(0.02, 0.01, 20)),)),
    # Fast fills.
    Case("half of the quota within 3 minutes", 64, (size(flat(0.15, 60) + line(0.15, 0.15, 5) + flat(0.75, 10)),), ("FillsFast",)),
    Case("a larger member comes into sight", 63, (size(flat(0.4, 75)), size([None] * 61 + flat(0.7, 14), "b"))),
    Case("a load balancer shows members of two sizes", 64, (size([0.4 + 0.3 * (m % 2) for m in range(75)]),)),
    # Refused writes.
    Case("refused", 16, (size(flat(1.0, 30)), *etcd_requests((1.0, 0.9))), ("WritesRefused", "HighUse/warning", "HighUse/critical")),
    Case("refused, the quota is larger than configured", 16, (size(flat(1.07, 30)), *etcd_requests((1.0,))), ("WritesRefused", "HighUse/warning", "HighUse/critical")),
    Case("one of two API servers fails to write", 16, (size(flat(0.9, 30)), *etcd_requests((1.0, 0.0))), ("HighUse/warning",)),
    Case("few writes fail", 16, (size(flat(0.9, 30)), *etcd_requests((0.1, 0.1))), ("HighUse/warning",)),
    Case("writes fail with room", 16, (size(flat(0.5, 30)), *etcd_requests((1.0, 1.0)))),
    Case("etcd is down", 16, (size(flat(0.9, 10) + [None] * 20), *etcd_requests((1.0, 1.0), reads=1.0)), ("HighUse/warning",)),
    Case("cleaned up and never disarmed", 90, (size(flat(0.99, 20) + flat(0.3, 80)), *etcd_requests((1.0,), minutes=100)), ("WritesRefused",)),
    # Sight.
    Case("no size for 20 minutes", 50, (size(flat(0.5, 30) + [None] * 20),), ("SizeUnknown",)),
    Case("no size for 10 minutes", 39, (size(flat(0.5, 30) + [None] * 20),)),
    Case("the cluster was deleted", 410, (size(flat(0.9, 30)),)),
    Case("no size ever", 50, etcd_requests((0.0,), minutes=60)),
)
