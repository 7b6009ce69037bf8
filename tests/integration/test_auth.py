"""An etcd with authentication: the exporter shows a token, got by name and password."""

import subprocess

import pytest
from harness.certificates import flags
from harness.wait import until

EACH_MINOR = True
PASSWORD = "open sesame"


class Guarded:
    """An etcd over TLS with `auth enable`, its users root, `headroom` (reads everything) and `nobody` (may do nothing)."""

    def __init__(self, etcd, authority):
        self.etcd, self.authority = etcd, authority
        for command in (
            f"user add root:{PASSWORD}", "user grant-role root root", "role add reader", "role grant-permission reader read --from-key ",
            f"user add headroom:{PASSWORD}", "user grant-role headroom reader", f"user add nobody:{PASSWORD}", "auth enable",
        ):  # fmt: skip
            self.etcdctl(*command.replace(PASSWORD, "PASSWORD").split(" "))

    def etcdctl(self, *arguments):
        pair = (self.authority.folder / "client.crt", self.authority.folder / "client.key")
        words = [word.replace("PASSWORD", PASSWORD) for word in arguments]
        command = [
            "etcdctl",
            f"--endpoints={self.etcd.url}",
            f"--cacert={self.authority.ca}",
            f"--cert={pair[0]}",
            f"--key={pair[1]}",
            *words,
        ]
        subprocess.run(command, check=True, capture_output=True, env={"ETCDCTL_API": "3", "PATH": "/usr/bin"})

    def as_root(self, *arguments):
        self.etcdctl(f"--user=root:{PASSWORD}", *arguments)


@pytest.fixture
def guarded(make_etcd, authority):
    return Guarded(make_etcd(authority=authority), authority)


@pytest.fixture
def as_user(guarded, make_exporter, tmp_path):
    def start(name, password=PASSWORD):
        file = tmp_path / "password"
        file.write_text(password + "\n")
        return make_exporter(
            f"--etcd.endpoints={guarded.etcd.url}", *flags(guarded.authority), f"--etcd.username={name}", f"--etcd.password-file={file}"
        )

    return start


def test_a_user_who_may_read_sees_who_writes(guarded, as_user):
    exporter = as_user("headroom")
    until(lambda: exporter.scrape().value("watch_connected") == 1, 20, "the watch")
    guarded.as_root("put", "/registry/pods/default/a", "value")
    until(lambda: sum(s.value for s in exporter.scrape().find("writes_total", resource="pods")) == 1, 20, "the write")
    assert PASSWORD not in exporter.process.log()


def test_root_is_up_on_every_version(as_user):
    exporter = as_user("root")
    until(lambda: exporter.scrape().find("up")[0].value == 1, 20)


def test_a_token_that_etcd_has_forgotten_is_got_again(guarded, as_user):
    exporter = as_user("root")
    until(lambda: exporter.scrape().value("watch_connected") == 1, 20, "the watch")
    guarded.etcd.restart().ready()
    until(lambda: exporter.scrape().find("up")[0].value == 1 and exporter.scrape().value("watch_connected") == 1, 30)
    guarded.as_root("user", "add", f"another:{PASSWORD}")
    until(lambda: exporter.scrape().find("up")[0].value == 1, 10)
    assert not exporter.log_lines("gives no token")


def test_a_wrong_password_is_one_line_of_the_log(as_user):
    exporter = as_user("headroom", "wrong")
    until(lambda: exporter.scrape() and exporter.log_lines("gives no token"), 20)
    (line,) = exporter.log_lines("gives no token")
    assert "user=headroom" in line and "wrong" not in line


def test_a_user_without_rights_hears_which_one_is_missing(as_user):
    exporter = as_user("nobody")
    until(lambda: exporter.scrape() and exporter.log_lines("permission"), 30)
