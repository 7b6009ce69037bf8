"""A certificate authority for tests, by the openssl command."""

import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A CA in `folder` and the pairs it signs, as kubeadm lays them out: NAME.crt and NAME.key beside ca.crt."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ca = folder / "ca.crt"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=etcd-ca", "-keyout", folder / "ca.key", "-out", self.ca)  # fmt: skip

    @classmethod
    def with_pairs(cls, folder):
        """One that has issued `server` and `client`."""
        made = cls(folder)
        made.issue("server", "serverAuth,clientAuth")
        made.issue("client", "clientAuth")
        return made

    def issue(self, name, usage, names="IP:127.0.0.1,DNS:localhost", days=1):
        """Returns the paths of a new certificate and its key. `usage`: serverAuth, clientAuth or both."""
        key, request, certificate = (self.folder / f"{name}.{end}" for end in ("key", "csr", "crt"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"extendedKeyUsage={usage}\nsubjectAltName={names}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                "-keyout", key, "-out", request)  # fmt: skip
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.folder / "ca.key", "-CAcreateserial",
                "-days", days, "-extfile", extensions, "-out", certificate)  # fmt: skip
        return certificate, key


def flags(authority, client="client"):
    """The exporter's flags for a client pair."""
    return (
        f"--etcd.cacert={authority.ca}",
        f"--etcd.cert={authority.folder}/{client}.crt",
        f"--etcd.key={authority.folder}/{client}.key",
    )
