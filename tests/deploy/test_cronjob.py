"""The CronJob that defragments, and the kubeadm settings: what must be in them, and what must not."""

import re

import yaml
from schema import faults
from tools import ROOT, documents

(CRONJOB,) = documents((ROOT / "deploy/etcd-defrag/cronjob.yaml").read_text())
JOB = CRONJOB["spec"]["jobTemplate"]["spec"]
POD = JOB["template"]["spec"]
FLAGS = dict(flag[2:].split("=", 1) if "=" in flag else (flag[2:], True) for flag in POD["containers"][0]["args"])


def test_the_api_server_accepts_it():
    assert faults(CRONJOB) == []


def test_it_cannot_run_into_itself_or_try_again():
    assert CRONJOB["spec"]["concurrencyPolicy"] == "Forbid"
    assert JOB["backoffLimit"] == 0 and POD["restartPolicy"] == "Never"
    assert JOB.get("parallelism", 1) == JOB.get("completions", 1) == 1


def test_its_flags_are_the_safe_ones():
    assert FLAGS["cluster"] is True
    assert FLAGS["compaction"] == FLAGS["continue-on-error"] == "false"
    assert (FLAGS["command-timeout"], FLAGS["wait-between-defrags"]) == ("10m", "1m")
    assert int(FLAGS["etcd-storage-quota-bytes"]) > 0
    assert "&&" in FLAGS["defrag-rule"] and "||" not in FLAGS["defrag-rule"]
    assert not [flag for flag in FLAGS if "disalarm" in flag]


def test_its_certificates_are_a_folder_read_only():
    (volume,) = POD["volumes"]
    assert volume["hostPath"] == {"path": "/etc/etcd-headroom", "type": "Directory"}, "pki/etcd has the key of etcd's CA"
    (mount,) = POD["containers"][0]["volumeMounts"]
    assert mount["readOnly"] and all(FLAGS[f].startswith(mount["mountPath"]) for f in ("cacert", "cert", "key"))


def test_the_readme_says_when_not_to():
    text = (ROOT / "deploy/README.md").read_text()
    for words in ("3.4.38, 3.5.23 or 3.6.5", "3.5.6", "NOSPACE", "CORRUPT", "member is down"):
        assert words in text


def test_the_snippets_set_quota_and_compaction_in_the_form_of_their_kubeadm_and_of_k3s():
    text = (ROOT / "rules/reference/settings.md").read_text()
    snippets = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.S)]
    arguments = {s["apiVersion"]: s["etcd"]["local"]["extraArgs"] for s in snippets if "etcd" in s}
    (k3s,) = (s["etcd-arg"] for s in snippets if "etcd-arg" in s)
    v3, v4 = arguments["kubeadm.k8s.io/v1beta3"], arguments["kubeadm.k8s.io/v1beta4"]
    assert isinstance(v3, dict) and all(isinstance(value, str) for value in v3.values())
    assert {entry["name"]: entry["value"] for entry in v4} == v3
    assert dict(argument.split("=") for argument in k3s) == v3
    assert v3.keys() == {"quota-backend-bytes", "auto-compaction-mode", "auto-compaction-retention"}
