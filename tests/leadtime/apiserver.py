"""The same facts as the API servers of a managed control plane report them, one beside each member."""

from cluster import MIB

# What rules/config.libsonnet takes the quota to be.
MANAGED_QUOTA = 8e9
WRITES, READS = 60, 30  # requests a minute of each API server


def as_the_api_servers_tell(series):
    """Sizes, scaled to the quota of rules/managed.yaml, and requests to etcd, of which the alarm fails all writes."""
    sizes, quotas, armed = {}, {}, {}
    for name, labels, values in series:
        key = labels["instance"]
        if name == "etcd_headroom_db_size_bytes":
            sizes[key] = (labels, values)
        elif name == "etcd_headroom_quota_bytes":
            quotas[key] = next(value for value in values if value is not None)
        elif name == "etcd_headroom_alarm_active" and labels["alarm"] == "NOSPACE":
            armed[key] = values
    for instance, (member, values) in sizes.items():
        labels = {key: value for key, value in member.items() if key != "member"}
        # A disabled quota is none that a provider has: as large as etcd's default.
        quota = quotas.get(instance, -1)
        scale = MANAGED_QUOTA / (quota if quota > 0 else 2048 * MIB)
        yield (
            "apiserver_storage_size_bytes",
            {**labels, "storage_cluster_id": "etcd-0"},
            [v if v is None else round(v * scale) for v in values],
        )
        leases = {**labels, "group": "coordination.k8s.io", "resource": "leases"}
        failed, alarm, refused = 0, 0, []
        for now in armed[instance]:
            alarm = alarm if now is None else now
            failed += WRITES * alarm
            refused.append(failed)
        yield "etcd_requests_total", {**leases, "operation": "update"}, [WRITES * m for m in range(len(values))]
        yield "etcd_request_errors_total", {**leases, "operation": "update"}, refused
        yield "etcd_requests_total", {**leases, "operation": "get"}, [READS * m for m in range(len(values))]
        yield "etcd_request_errors_total", {**leases, "operation": "get"}, [0] * len(values)
