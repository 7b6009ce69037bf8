"""`etcd-headroom-exporter report`: what it shows of clusters in every state, and that its steps bring writes back."""

import json

import pytest
from harness import loadgen, report
from harness.etcd import etcdctl
from harness.fake_etcd import FakeEtcd
from harness.report import AT_RISK, CANNOT_TELL, HEALTHY, WRITES_REFUSED, ask, commands, follow
from harness.servers import servers
from harness.wait import until

NEWEST_FIRST = True

QUOTA = 48 << 20
NOW = "--sample=0s"


def fill(endpoints, *more):
    """A Kubernetes-like mix in which policy reports weigh most, until a member is full."""
    loadgen.run(
        endpoints, "--mix", "pods=20,policyreports=50,events=20,leases=10", "--size", "policyreports=20000",
        "--rate", 0, "--in-flight", 64, "--until-nospace", "--compact-interval", 0, *more,
    )  # fmt: skip


def urls(members):
    return [member.url for member in members]


def by_name(found):
    return {member["name"]: member for member in found["members"]}


def writable(etcd):
    etcd.ctl("put", "written", "x")
    return True


@pytest.fixture
def full(make_cluster):
    """Three members in NOSPACE."""
    members = make_cluster(3, arguments=(f"--quota-backend-bytes={QUOTA}",))
    fill(urls(members)[:1])
    return members


def test_a_healthy_cluster_is_told_from_one_endpoint_with_all_its_members(make_cluster):
    members = make_cluster(3)
    loadgen.run(urls(members)[:1], "--rate", 0, "--writes", 500)

    def settled():
        code, found = ask(f"--etcd.endpoints={members[0].url}", NOW)
        statuses = {member.name: member.status() for member in members}
        # Until the files have stopped growing.
        same = all(by_name(found)[name]["db_size_bytes"] == status["dbSize"] for name, status in statuses.items())
        return same and code == HEALTHY and (found, statuses)

    found, statuses = until(settled, 20, "the same sizes from report and etcdctl")
    assert (found["verdict"], found["steps"]) == ("healthy", [])
    for member in members:
        fact, status = by_name(found)[member.name], statuses[member.name]
        assert fact["url"] == member.url
        assert fact["role"] == ("leader" if status["leader"] == status["header"]["member_id"] else "follower")
        assert fact["version"] == status["version"]
        assert fact["quota_bytes"] == 2 << 30
        assert fact["revision"] == status["header"]["revision"]


def test_the_text_is_plain_in_a_pipe_and_shows_who_writes(etcd):
    with loadgen.running([etcd.url], "--mix", "configmaps=90,pods=10", "--rate", 300):
        done = report.run(f"--etcd.endpoints={etcd.url}", "--sample=2s")

    assert done.returncode == HEALTHY, done.stderr
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == "etcd takes writes, and there is room."
    table = lines.index(next(line for line in lines if line.startswith("WHO WRITES")))
    assert lines[table + 1].startswith("helm: configmaps ")
    assert any(line.startswith("kubelet: pods ") for line in lines[table:])
    assert lines[lines.index(next(line for line in lines if line.startswith("WHAT "))) + 1].startswith("configmaps ")
    assert any(line.startswith("configmaps in ") for line in lines)


def test_a_full_cluster_names_the_culprit_and_its_commands_bring_writes_back(full, tmp_path):
    endpoint = f"--etcd.endpoints={full[1].url}"
    with pytest.raises(AssertionError, match="space exceeded"):
        writable(full[0])

    code, found = ask(endpoint)

    assert code == WRITES_REFUSED
    assert found["alarms"] and all(alarm["alarm"] == "NOSPACE" for alarm in found["alarms"])
    assert found["sample"]["resources"][0]["name"] == "policyreports.wgpolicyk8s.io"
    assert found["sample"]["managers"][0].items() >= {"manager": "reports-controller", "resource": "policyreports.wgpolicyk8s.io"}.items()
    assert found["headline"].endswith("Top writer: the policy engine.")
    assert "Stop the policy engine, which writes most" in [step["title"] for step in found["steps"]]
    leader = next(m for m in full if (s := m.status())["leader"] == s["header"]["member_id"])
    defragments = [step["title"] for step in found["steps"] if step["title"].startswith("Defragment")]
    assert len(defragments) == 3
    assert defragments[-1] == f"Defragment {leader.name}, the leader"

    follow(found, tmp_path)

    assert all(writable(member) for member in full)
    (snapshot,) = tmp_path.glob("before-recovery-*.db")
    assert snapshot.stat().st_size > 0.8 * QUOTA
    code, found = ask(endpoint, NOW)
    assert (code, found["alarms"]) == (HEALTHY, []), found["findings"]


def test_when_there_is_space_again_a_disarm_is_all_that_is_missing(full, tmp_path):
    full[0].ctl("compact", full[0].status()["header"]["revision"], "--physical")
    for member in full:
        until(lambda member=member: member.status()["dbSizeInUse"] < 0.5 * QUOTA, 15)
        member.ctl("defrag")

    code, found = ask(f"--etcd.endpoints={full[0].url}", NOW)

    assert code == WRITES_REFUSED
    assert "a disarm is all that is missing" in found["headline"]
    typed = "".join(commands(found))
    assert "alarm disarm" in typed
    assert "compact" not in typed and "defrag" not in typed
    follow(found, tmp_path)
    assert writable(full[2])


def test_live_data_that_fill_the_file_are_deleted_before_anything_else(make_etcd, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    loadgen.run(
        [etcd.url], "--mix", "policyreports=100", "--ops", "create=100", "--size", "policyreports=20000",
        "--rate", 0, "--in-flight", 64, "--until-nospace",
    )  # fmt: skip
    database = f"--inventory.db-file={tmp_path}/m1/data/member/snap/db"

    code, found = ask(f"--etcd.endpoints={etcd.url}", database)

    assert code == WRITES_REFUSED
    titles = [step["title"] for step in found["steps"]]
    assert titles.index("Delete all policyreports.wgpolicyk8s.io") < titles.index("Compact") < titles.index("Defragment m1, the leader")
    assert any("live data fill the file. It would return about" in sentence for sentence in found["avoid"])
    assert found["file"]["path"] == database.partition("=")[2]
    assert not {"file", "file_problem"} & ask(f"--etcd.endpoints={etcd.url}", database, "--no-collector.inventory")[1].keys()
    few = ask(f"--etcd.endpoints={etcd.url}", database, "--inventory.max-keys=1000")[1]
    assert few["file_problem"].endswith("more than 1000 distinct keys; raise --inventory.max-keys")
    follow(found, tmp_path)
    assert writable(etcd)


def test_a_disarm_is_not_typed_where_corrupt_came_meanwhile(full, tmp_path):
    _, found = ask(f"--etcd.endpoints={full[0].url}", NOW)
    steps = found["steps"]
    disarm = next(step["command"] for step in steps if step["title"] == "Disarm")
    for stub, printed in (("echo 'memberID:1 alarm:CORRUPT'", "STOP: CORRUPT is armed"), ("return 1", "STOP: the alarms cannot be read")):
        stubbed = f'etcdctl() {{ echo "$@" >>typed; {stub}; }}'
        assert printed in follow({"steps": [steps[0], {"command": stubbed}, {"command": disarm}]}, tmp_path)
        assert "disarm" not in (tmp_path / "typed").read_text()


def test_what_builds_on_a_step_that_failed_is_not_done(full, tmp_path):
    _, found = ask(f"--etcd.endpoints={full[0].url}", NOW)
    steps = found["steps"]

    def type_with(failing):
        """Types all, with an etcdctl that answers, fails at what contains `failing` and changes nothing."""
        (tmp_path / "typed").unlink(missing_ok=True)
        stub = (
            f'etcdctl() {{ echo "$@" >>typed; case "$*" in *"{failing}"*) return 1 ;; '
            """*"endpoint status"*) echo '"dbSize":999999999,"dbSizeInUse":1,"revision":7' ;; esac; }"""
        )
        printed = follow({"steps": [steps[0], {"command": stub}, *steps[1:]]}, tmp_path)
        return printed, (tmp_path / "typed").read_text().splitlines()

    printed, typed = type_with("snapshot save")
    assert "STOP: no snapshot" in printed
    assert not [line for line in typed if " compact " in line or line.endswith(" defrag") or "disarm" in line or " put " in line]
    printed, typed = type_with(" defrag")
    assert "STOP: wait until" in printed and "is full" in printed
    assert len([line for line in typed if line.endswith(" defrag")]) == 1
    assert not [line for line in typed if "disarm" in line or " put " in line]


def test_small_history_and_large_last_writes_do_not_make_etcd_read_it_all(make_etcd):
    etcd = make_etcd(f"--quota-backend-bytes={300 << 20}")
    loadgen.run([etcd.url], "--mix", "leases=100", "--rate", 0, "--writes", 5000)
    large = ("--mix", "configmaps=100", "--size", "configmaps=400000", "--ops", "create=10,update=90")
    loadgen.run([etcd.url], *large, "--rate", 0, "--until-nospace")

    code, found = ask(f"--etcd.endpoints={etcd.url}")

    assert code == WRITES_REFUSED
    assert found["sample"]["resources"][0]["name"] == "configmaps"
    assert "Stop the writes of configmaps by helm" in [step["title"] for step in found["steps"]]
    assert found["headline"].endswith("Top writer: helm, of configmaps.")
    assert found["sample"]["bytes"] < 100 << 20, "of about 280 MiB"


def test_a_member_that_is_down_does_not_hide_the_others(make_cluster):
    members = make_cluster(3)
    members[2].stop()

    code, found = ask(f"--etcd.endpoints={members[0].url}", NOW)

    assert code == AT_RISK
    assert [m["name"] for m in found["members"] if not m["answers"]] == ["m3"]
    assert any(finding["risk"] and "m3 does not answer" in finding["text"] for finding in found["findings"])


def test_without_a_leader_writes_are_refused_and_nothing_is_to_be_disarmed(make_cluster):
    members = make_cluster(3)
    for member in members[1:]:
        member.stop()
    until(lambda: members[0].status().get("leader", 0) == 0, 30, "the loss of the leader")

    code, found = ask(f"--etcd.endpoints={members[0].url}", NOW)

    assert code == WRITES_REFUSED
    assert found["headline"] == "There is no leader: etcd takes no writes."
    assert "m2" in found["steps"][0]["why"] and "m3" in found["steps"][0]["why"]
    assert not commands(found)


def test_certificates_are_in_its_commands(make_etcd, authority, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}", authority=authority)
    fill([etcd.url], *loadgen.tls(authority))
    pki = authority.folder
    flags = [f"--etcd.cacert={authority.ca}", f"--etcd.cert={pki}/client.crt", f"--etcd.key={pki}/client.key"]

    code, found = ask(f"--etcd.endpoints={etcd.url}", *flags)

    assert code == WRITES_REFUSED
    follow(found, tmp_path)
    assert writable(etcd)


def test_a_cluster_in_the_middle_of_an_upgrade_is_told_with_its_versions(make_cluster, server):
    members = make_cluster(3)
    newer = [other for other in servers() if other.version[:2] == (server.version[0], server.version[1] + 1)]
    if not newer:
        pytest.skip(f"no server of the minor version after {server} is built here")
    members[2].process.kill()
    members[2].process.command[0] = newer[0].binary
    members[2].process.start()
    members[2].ready()

    _, found = ask(f"--etcd.endpoints={members[0].url}", NOW)

    assert by_name(found)["m3"]["version"] == str(newer[0])
    assert by_name(found)["m1"]["version"] == str(server)
    assert any(f["text"].startswith("Versions differ") for f in found["findings"])


@pytest.fixture
def fake(cleanup):
    fake = FakeEtcd()
    cleanup.callback(fake.stop)
    fake.members = [{1: 0xA1, 2: "fake", 4: fake.url}]
    return fake


def test_with_corrupt_armed_nothing_disarms_compacts_or_defragments(fake):
    fake.status[8] = ["memberID:161 alarm:CORRUPT ", "memberID:161 alarm:NOSPACE "]

    code, found = ask(f"--etcd.endpoints={fake.url}")
    text = report.run(f"--etcd.endpoints={fake.url}").stdout

    assert code == WRITES_REFUSED
    assert found["headline"].startswith("CORRUPT is armed by fake")
    assert "endpoint hashkv" in "".join(commands(found))
    for forbidden in ("alarm disarm", "compact ", " defrag"):
        assert forbidden not in "".join(commands(found))
    assert "etcdctl alarm disarm" not in text and "alarm disarm\n" not in text


def test_a_quota_that_nobody_tells_leaves_it_untold(fake):
    fake.status[2] = "3.5.9"
    del fake.status[12]

    code, found = ask(f"--etcd.endpoints={fake.url}", NOW)

    assert code == CANNOT_TELL
    assert "quota_bytes" not in found["members"][0]
    assert any("The quota of fake is unknown" in f["text"] for f in found["findings"])


def test_a_foreign_endpoint_is_a_risk_and_no_member(fake, cleanup):
    foreign = FakeEtcd(cluster_id=0xC2, member_id=0xB2, name="foreign")
    cleanup.callback(foreign.stop)

    code, found = ask(f"--etcd.endpoints={fake.url},{foreign.url}", NOW)

    assert code == AT_RISK
    assert list(by_name(found)) == ["fake"]
    assert any(f["risk"] and f["text"] == f"{foreign.url} is none of these members: another cluster." for f in found["findings"])


def test_any_client_url_of_a_member_will_do(fake, cleanup):
    other = FakeEtcd(member_id=0xB2, name="other")
    cleanup.callback(other.stop)
    fake.members = other.members = [{1: 0xA1, 2: "fake", 4: fake.url}, {1: 0xB2, 2: "other", 4: ["http://127.0.0.1:1", other.url]}]

    code, found = ask(f"--etcd.endpoints={fake.url}", NOW)

    assert code == HEALTHY, found["findings"]
    assert by_name(found)["other"]["url"] == other.url


def test_a_member_behind_tls_says_what_is_missing(fake):
    fake.members.append({1: 0xB2, 2: "other", 4: "https://127.0.0.1:1"})

    code, found = ask(f"--etcd.endpoints={fake.url}", NOW)

    assert code == AT_RISK
    assert "--etcd.cacert" in by_name(found)["other"]["problem"]


def test_members_that_differ_are_told(fake, cleanup):
    other = FakeEtcd(member_id=0xB2, name="other")
    cleanup.callback(other.stop)
    fake.members = other.members = [{1: 0xA1, 2: "fake", 4: fake.url}, {1: 0xB2, 2: "other", 4: other.url}]
    other.status[4] = 0xA1
    fake.status.update({3: 1900 << 20, 9: 1890 << 20, 7: 90_000})
    other.status.update({3: 300 << 20, 12: 4 << 30})

    code, found = ask(f"--etcd.endpoints={fake.url}", NOW)

    texts = [finding["text"] for finding in found["findings"]]
    assert code == AT_RISK
    assert any(text.startswith("Quotas differ: 2.0 GiB, 4.0 GiB") for text in texts)
    assert any(text.startswith("Files differ: other has 300.0 MiB, fake 1.9 GiB") for text in texts)
    assert any(text.startswith("other is 89,950 raft entries behind") for text in texts)
    assert "Raise the quota of fake to the others', 4.0 GiB" in [step["title"] for step in found["steps"]]


def test_this_nodes_quota_stands_in_for_peers_that_do_not_show_theirs(fake, cleanup, tmp_path):
    other = FakeEtcd(member_id=0xB2, name="other")
    cleanup.callback(other.stop)
    fake.members = other.members = [{1: 0xA1, 2: "fake", 4: fake.url}, {1: 0xB2, 2: "other", 4: other.url}]
    other.status[4] = 0xA1
    for member in (fake, other):
        member.status.update({2: "3.5.9", 3: 100 << 20, 9: 90 << 20})
        del member.status[12]
    config = tmp_path / "etcd.yaml"
    config.write_text(f"name: fake\nadvertise-client-urls: {fake.url}\nquota-backend-bytes: 4294967296\n", encoding="utf-8")

    code, found = ask(f"--etcd.endpoints={fake.url}", f"--etcd.config={config}", NOW)

    assert code == HEALTHY, found
    assert by_name(found)["fake"]["quota_source"] == "manifest"
    assert (by_name(found)["other"]["quota_bytes"], by_name(found)["other"]["quota_source"]) == (4 << 30, "assumed")
    assert any("The quota of other is assumed to be this node's" in f["text"] for f in found["findings"])


def test_kine_has_no_quota_to_tell_of(fake):
    fake.status[1] = {}

    code, found = ask(f"--etcd.endpoints={fake.url}", NOW)

    assert code == CANNOT_TELL
    assert "kine" in found["headline"]
    assert not found["steps"]


def test_foreign_names_cannot_drive_the_terminal_or_the_shell(fake):
    fake.members = [{1: 0xA1, 2: "\x1b[2Jm$(touch hacked)", 4: fake.url}, {1: 0xB2, 2: "b", 4: "http://$(touch hacked):1"}]
    fake.status.update({3: 2 << 30, 9: 100 << 20, 8: ["memberID:161 alarm:NOSPACE "]})

    code, found = ask(f"--etcd.endpoints={fake.url}", NOW)
    text = report.run(f"--etcd.endpoints={fake.url}", NOW).stdout

    assert code == WRITES_REFUSED
    assert "\x1b" not in text and "\x1b" not in json.dumps(found)
    assert "hacked" not in "".join(commands(found))


def test_nobody_there_cannot_be_told():
    code, found = ask("--etcd.endpoints=http://127.0.0.1:1", NOW)
    assert code == CANNOT_TELL
    assert found["headline"].startswith("No etcd member answers. Asked: http://127.0.0.1:1.")

    done = report.run("--etcd.endpoints=ftp://x")
    assert (done.returncode, done.stdout) == (CANNOT_TELL, "")
    assert len(done.stderr.splitlines()) == 1

    done = report.run("--path.rootfs=/nonexistent", env={"KUBERNETES_SERVICE_HOST": "10.96.0.1"})
    assert (done.returncode, done.stdout) == (CANNOT_TELL, "")
    assert "control-plane node" in done.stderr


def test_it_changes_nothing(etcd):
    etcd.ctl("put", "a", "b")
    before = etcdctl([etcd.url], "get", "", "--prefix", "-w", "json"), etcd.status()["raftIndex"]

    ask(f"--etcd.endpoints={etcd.url}", "--sample=1s")

    assert (etcdctl([etcd.url], "get", "", "--prefix", "-w", "json"), etcd.status()["raftIndex"]) == before


def test_what_the_exporter_saw_is_in_the_report(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    until(lambda: exporter.scrape().value("watch_connected") == 1)
    loadgen.run([etcd.url], "--mix", "configmaps=90,pods=10", "--rate", 0, "--writes", 500)
    until(lambda: exporter.scrape().value("revision") == exporter.scrape().value("watch_revision") > 500)
    here = f"--web.listen-address=127.0.0.1:{exporter.port}"

    _, found = ask(f"--etcd.endpoints={etcd.url}", NOW, here)

    seen = found["history"]
    assert seen["cluster_id"] == f"{etcd.status()['header']['cluster_id']:x}"
    assert seen["space"][0]["seconds_ago"] == 0
    assert seen["space"][0]["quota_bytes"] == 2 << 30
    heaviest = seen["last_24_hours"]["managers"]["heaviest"][0]
    assert (heaviest["manager"], heaviest["resource"]) == ("helm", "configmaps")
    total = sum(exporter.scrape().value("write_bytes_total", resource=resource) for resource in ("configmaps", "pods"))
    assert 0.95 * total <= seen["last_24_hours"]["managers"]["bytes"] <= total
    text = report.run(f"--etcd.endpoints={etcd.url}", NOW, here).stdout
    assert "The last 24 hours, from the exporter on this node" in text and "helm: configmaps" in text


def test_in_a_pod_the_exporter_is_asked_at_the_node_s_address(etcd, make_exporter):
    exporter = make_exporter(f"--etcd.endpoints={etcd.url}")
    until(lambda: exporter.scrape().value("up") == 1)
    any_address = f"--web.listen-address=:{exporter.port}"
    _, found = ask(f"--etcd.endpoints={etcd.url}", NOW, any_address, env={"HOST_IP": "127.0.0.1"})
    assert "space" in found["history"]
    _, found = ask(f"--etcd.endpoints={etcd.url}", NOW, any_address, env={"HOST_IP": "127.0.0.2"})
    assert found["history_problem"].startswith(f"127.0.0.2:{exporter.port}: connect")


def test_an_exporter_that_is_not_there_or_watches_another_cluster_is_named(make_etcd, make_exporter):
    etcd, other = make_etcd(name="watched"), make_etcd(name="other")
    exporter = make_exporter(f"--etcd.endpoints={other.url}")
    until(lambda: exporter.scrape().value("up") == 1)

    _, found = ask(f"--etcd.endpoints={etcd.url}", NOW, f"--web.listen-address=127.0.0.1:{exporter.port}")
    assert "history" not in found
    assert found["history_problem"] == f"127.0.0.1:{exporter.port} watches another cluster"

    exporter.stop()
    _, found = ask(f"--etcd.endpoints={etcd.url}", NOW, f"--web.listen-address=127.0.0.1:{exporter.port}")
    assert found["history_problem"].startswith(f"127.0.0.1:{exporter.port}: connect: Connection refused")
    assert "no exporter answers on this node" in report.run(f"--etcd.endpoints={etcd.url}", NOW, "--web.listen-address=127.0.0.1:1").stdout


def test_it_follows_a_recovery_to_its_end(make_etcd, tmp_path):
    etcd = make_etcd(f"--quota-backend-bytes={QUOTA}")
    fill([etcd.url])
    _, found = ask(f"--etcd.endpoints={etcd.url}")
    with report.following(f"--etcd.endpoints={etcd.url}", NOW) as following:
        following.wait_for("Next: step ", "Compact.")
        follow(found, tmp_path, pause="2")
        lines = following.end()

    text = "\n".join(lines)
    titles = [step["title"] for step in found["steps"]]
    for title in ("Compact", "Disarm", "Write a key"):
        assert f"Done: step {titles.index(title) + 1}, {title}." in text, text
    assert "NOSPACE is disarmed" in text
    assert "All steps that can be checked are done." in lines[-1]
    assert following.code == HEALTHY


def test_following_ends_with_ctrl_c_and_takes_text_alone(etcd):
    with report.following(f"--etcd.endpoints={etcd.url}", NOW) as following:
        following.wait_for("Follows the steps.")
        following.interrupt()
    assert following.code == 130
    refused = report.run(f"--etcd.endpoints={etcd.url}", NOW, "--follow", "--output=json")
    assert refused.returncode == CANNOT_TELL and "--follow goes with --output=text" in refused.stderr
