"""Clients that take a connection and give nothing for it, many at once."""

import concurrent.futures
import socket
import ssl
import threading
import time

HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # the first bytes of TLS' first message


class SlowClients:
    """`count` of them, all connected before one asks for anything. `first`: what each sends at once; `drips`: it goes on, a byte
    every tenth of a second. `tls`: a context to shake hands by first."""

    def __init__(self, port, count, first=b"", drips=False, tls=None):
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(count)]
        self.first, self.drips, self.tls = first, drips, tls
        self.stopping = threading.Event()
        self.threads = concurrent.futures.ThreadPoolExecutor(count)
        for client in self.sockets:
            self.threads.submit(self.hang, client)

    def hang(self, client):
        try:
            if self.tls:
                client = self.tls.wrap_socket(client, server_hostname="localhost")
            client.sendall(self.first)
            while self.drips and not self.stopping.wait(0.1):
                client.sendall(b"x")
            client.recv(1)  # until the server drops it
        except (OSError, ssl.SSLError):
            pass
        finally:
            client.close()

    def delay(self, scrape):
        """Seconds that a scrape beside them takes."""
        started = time.monotonic()
        scrape()
        return time.monotonic() - started

    def stop(self):
        self.stopping.set()
        for client in self.sockets:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.threads.shutdown()
