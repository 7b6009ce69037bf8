#!/bin/sh
# c-ares 1.18.1: a literal IPv4 address is looked up in DNS first, unless only IPv4 is asked for.
#
# A resolver that is given "10.0.0.7" should hand it back at once. ares_getaddrinfo does so for AF_INET. For AF_UNSPEC, which gRPC and
# most programs pass, it asks the name server for the name "10.0.0.7", A and AAAA, and takes the literal only when that has failed. With
# a name server that answers "no such name" nobody notices. With one that is silent each connection waits for the timeouts of the
# resolver, on a node whose network is down of all places.
#
# Seen: "AF_INET: Successful completion, 0 questions", "AF_UNSPEC: Successful completion, 2 questions".
#
# Builds a program with Debian 12's libc-ares 1.18.1 from its packages in a temporary folder. Needs gcc and Python.
set -eu
version=1.18.1
work=$(mktemp -d)
server=''
trap 'kill $server 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
for package in libc-ares-dev libc-ares2; do
  apt-get download "$package=$version*" >/dev/null 2>&1
  dpkg -x "$package"_*.deb .
done
library=$(dirname "$(find . -name 'libcares.so.2')")

cat >ask.c <<'C'
#include <ares.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/select.h>

static int done;

static void answered(void* unused, int status, int timeouts, struct ares_addrinfo* found) {
  (void)unused;
  (void)timeouts;
  printf("%s", ares_strerror(status));
  if (found != NULL) ares_freeaddrinfo(found);
  done = 1;
}

int main(int count, char** words) {
  ares_channel channel;
  struct ares_options options = {.timeout = 500, .tries = 1};
  struct ares_addrinfo_hints hints = {.ai_family = count > 2 ? AF_UNSPEC : AF_INET};
  ares_library_init(ARES_LIB_INIT_ALL);
  ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  ares_set_servers_ports_csv(channel, words[1]);
  ares_getaddrinfo(channel, "10.0.0.7", NULL, &hints, answered, NULL);
  while (!done) {
    fd_set reads, writes;
    struct timeval most = {1, 0}, left;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    const int files = ares_fds(channel, &reads, &writes);
    select(files, &reads, &writes, NULL, ares_timeout(channel, &most, &left));
    ares_process(channel, &reads, &writes);
  }
  ares_destroy(channel);
}
C
gcc -Wall ask.c -o ask -Iusr/include "$library/libcares.so.2"

# A name server that never answers; it writes a line for each question.
cat >silent.py <<'PY'
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1], file=open("port", "w"), flush=True)
while server.recvfrom(512):
    print("a question", file=open("questions", "a"), flush=True)
PY
python3 silent.py &
server=$!
until [ -s port ]; do sleep 0.1; done

show() { # show NAME WORDS...
  name=$1
  shift
  : >questions
  answer=$(LD_LIBRARY_PATH=$library ./ask "127.0.0.1:$(cat port)" "$@")
  echo "$name: $answer, $(wc -l <questions) questions"
}
{ show AF_INET; show AF_UNSPEC unspecified; } | tee seen
cat >expected <<'TEXT'
AF_INET: Successful completion, 0 questions
AF_UNSPEC: Successful completion, 2 questions
TEXT
if ! diff expected seen; then
  echo "This has changed."
  exit 1
fi
