"""A past for a Prometheus that has just been born: what forecasts and comparisons by the day look back on."""

import subprocess
import time

from apiserver import QUOTA as MANAGED_QUOTA

HOUR = 3600
DAY = 24 * HOUR
LEVELS = (
    "fill:etcd_headroom_used_bytes:max1h",
    "fill:etcd_headroom_cycle_peak_bytes:max",
)
FILLS = ('of="in_use"', 'of="file"')
MANAGED_LEVELS = ("cluster:etcd_managed_used_bytes:max", "cluster:etcd_managed_used_bytes:max1h")
RESOURCES = ("configmaps", "events", "leases.coordination.k8s.io", "pods", "policyreports.wgpolicyk8s.io")


def write(folder, quota, scopes):
    """Writes blocks that Prometheus finds in `folder`: etcd filled steadily up to 60 % of `quota`, for each set of labels."""
    now = int(time.time())
    ramp = [(now - age, (0.6 - 0.06 * age / HOUR) * quota) for age in range(5 * HOUR, 0, -60)]
    peaks = [(now - age, share * quota) for day, share in ((2, 0.1), (1, 0.2)) for age in minutes_around(day * DAY)]
    before = [(now - age, 10) for age in range(HOUR // 2, 0, -60)]
    uses = [(now - age, 0.9 - 0.1 * age / HOUR) for age in range(7 * HOUR, 0, -60)]
    families = {name: [(labels, ramp) for labels in FILLS] for name in LEVELS}
    families["fill:etcd_headroom_used_bytes:max1d"] = [(labels, peaks) for labels in FILLS]
    families |= {name: [("", [(at, level / quota * MANAGED_QUOTA) for at, level in ramp])] for name in MANAGED_LEVELS}
    families["cluster_namespace:etcd_headroom_budget_use:ratio"] = [('object_namespace="default",owner="platform"', uses)]
    for name in ("objects", "object_bytes", "history_bytes"):
        families[f"etcd_headroom_{name}"] = [(f'resource="{resource}"', before) for resource in RESOURCES]
    for name in ("namespace_object_bytes", "namespace_history_bytes"):
        families[f"etcd_headroom_{name}"] = [('object_namespace="default"', before)]
    lines = []
    for name, series in families.items():
        lines.append(f"# TYPE {name} gauge")
        lines += [
            f"{selector(name, labels, scope)} {value:.3f} {second}"
            for labels, samples in series
            for scope in scopes
            for second, value in samples
        ]
    text = folder / "history.txt"
    text.write_text("\n".join([*lines, "# EOF", ""]))
    subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", text, folder / "data"], check=True, capture_output=True)


def selector(name, *labels):
    given = ",".join(filter(None, labels))
    return f"{name}{{{given}}}" if given else name


def minutes_around(age):
    return range(age + 600, age - 600, -60)
