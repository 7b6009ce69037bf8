"""The names of resources are those of a real API server, all of them."""

from harness.wait import until
from truth import BUILT_IN

# Of the API server itself, or of before 1.25.
NOT_SERVED = {"masterleases", "peerserverleases", "ranges", "podsecuritypolicies.policy"}
# Served from the stores of others.
NOT_STORED = {"componentstatuses", "events.events.k8s.io"}


def test_the_table_has_every_resource_that_the_server_stores(make_control_plane):
    plane = make_control_plane(api_server=["--runtime-config=api/all=true", "--feature-gates=AllAlpha=true,AllBeta=true"])
    served = set(plane.kubectl("api-resources", "--output=name", "--verbs=list", "--cached=false").split())
    assert set(BUILT_IN.values()) - NOT_SERVED == served - NOT_STORED


def test_every_key_of_a_new_cluster_has_the_name_of_its_resource(make_control_plane, make_exporter):
    plane = make_control_plane()
    served = set(plane.kubectl("api-resources", "--output=name", "--cached=false").split())
    exporter = make_exporter(plane, "--inventory.count-at-start")
    page = until(lambda: (p := exporter.scrape()).has("objects") and p, 30, "the count")
    counted = {s.labels["resource"]: s.value for s in page.find("objects") if s.value}
    assert set(counted) - NOT_SERVED - {"compact_rev_key"} <= served
    for resource in sorted(set(counted) & served - {"events"}):
        listed = plane.kubectl("get", resource, "--all-namespaces", "--output=name").split()
        assert counted[resource] == len(listed), resource
