"""The settings that rules/reference/settings.md shows for kubeadm, as a real kubeadm reads them."""

import re
import subprocess

import pytest
import yaml
from programs import kubernetes, program
from tools import ROOT

SNIPPETS = [text for text in re.findall(r"```yaml\n(.*?)```", (ROOT / "rules/reference/settings.md").read_text(), re.S)
            if "apiVersion" in yaml.safe_load(text)]  # fmt: skip


def validate(text, folder):
    """kubeadm's word on a configuration."""
    # Otherwise it asks the internet for the newest.
    (folder / "kubeadm.yaml").write_text(f"{text}kubernetesVersion: v{kubernetes()}\n")
    command = [program("kubeadm"), "config", "validate", "--config", folder / "kubeadm.yaml"]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("text", SNIPPETS, ids=lambda text: yaml.safe_load(text)["apiVersion"].rpartition("/")[2])
def test_each_snippet_is_for_the_kubeadm_that_it_names(text, tmp_path):
    done = validate(text, tmp_path)
    if "v1beta4" in text:
        assert done.returncode == 0 and not done.stderr, done.stderr
    else:
        assert done.returncode != 0 and "v1beta3" in done.stderr, "1.37 refuses what is for 1.36 and older"


def test_kubeadm_refuses_the_map_of_v1beta3_in_v1beta4(tmp_path):
    (old,) = (text for text in SNIPPETS if "v1beta3" in text)
    assert "cannot unmarshal" in validate(old.replace("v1beta3", "v1beta4"), tmp_path).stderr
