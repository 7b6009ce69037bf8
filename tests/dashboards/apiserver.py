"""What an API server of a managed control plane reports of the same etcd, which has the quota that the rules take it to have."""

import http.server
import threading

QUOTA = 8e9  # rules/config.libsonnet
PAGE = """apiserver_storage_size_bytes{{storage_cluster_id="etcd-0"}} {size:.0f}
apiserver_resource_size_estimate_bytes{{group="wgpolicyk8s.io",resource="policyreports"}} {size:.0f}
apiserver_resource_objects{{group="",resource="pods"}} {requests}
etcd_requests_total{{operation="update",group="coordination.k8s.io",resource="leases"}} {requests}
etcd_request_errors_total{{operation="update",group="coordination.k8s.io",resource="leases"}} {failed}
etcd_requests_total{{operation="get",group="coordination.k8s.io",resource="leases"}} {requests}
etcd_request_errors_total{{operation="get",group="coordination.k8s.io",resource="leases"}} 0
"""


class ApiServer:
    """Has one request of each kind between two scrapes, of which etcd refuses the writes while it is full."""

    def __init__(self, etcd, quota):
        self.etcd, self.quota = etcd, quota
        self.requests = self.failed = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(outer.page().encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self):
        share = self.etcd.page()["etcd_mvcc_db_total_size_in_bytes"] / self.quota
        self.requests += 1
        self.failed += share > 0.99
        return PAGE.format(size=share * QUOTA, requests=self.requests, failed=self.failed)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
