#!/bin/sh
# CivetWeb 1.16: a Unix socket in listening_ports works, unless an address with a colon comes after it.
#
# One would expect the entries of the list to be read one by one, so that their order does not matter. To find out whether an entry is a
# socket, CivetWeb looks for a colon in the rest of the whole list: "xPATH,127.0.0.1:PORT" is refused as an invalid port, and the server
# does not start. "127.0.0.1:PORT,xPATH" and "xPATH,PORT" serve.
#
# Seen: "socket last: serves", "socket before a port: serves", "socket before an address: does not start".
#
# Compiles Debian 13's source package civetweb 1.16+dfsg, as upstream has it, and a program of a few lines in a temporary folder. Needs cc
# and an apt that has Debian's archive.
set -eu
version=1.16+dfsg
checksum=41dbfd68cd3b914ce440a5813f21058813b61a972600cc04fb8233a0d2d04fe4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# shellcheck disable=SC2016 # apt's own variable
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
mkdir -p lists/partial cache
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive trixie main" >sources.list
set -- -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$work/lists" \
  -o Dir::Cache="$work/cache" -o APT::Sandbox::User=
apt-get "$@" update >/dev/null 2>&1
uri=$(apt-get "$@" source --print-uris civetweb 2>/dev/null | sed -n "s/^'\([^']*\.orig\.tar\.xz\)' .*/\1/p")
/usr/lib/apt/apt-helper -q -o APT::Sandbox::User= download-file "$uri" source.tar.xz "SHA256:$checksum" >/dev/null 2>&1
mkdir source
tar -xJf source.tar.xz -C source --strip-components=1
cat >try.c <<'END'
#include <civetweb.h>
#include <stdio.h>
int main(int argc, char** argv) {
  const char* options[] = {"listening_ports", argv[argc - 1], "num_threads", "2", NULL};
  struct mg_callbacks callbacks = {0};
  struct mg_context* context = mg_start(&callbacks, NULL, options);
  puts(context ? "serves" : "does not start");
  if (context) mg_stop(context);
  return 0;
}
END
cc -w -DNO_SSL -DNO_CGI -DUSE_X_DOM_SOCKET -Isource/include try.c source/src/civetweb.c -lpthread -ldl -o try
# 0 is a free port.
last=$(./try "127.0.0.1:0,x$work/socket" 2>/dev/null)
port=$(./try "x$work/socket,0" 2>/dev/null)
address=$(./try "x$work/socket,127.0.0.1:0" 2>/dev/null)
echo "CivetWeb $version: socket last: $last | socket before a port: $port | socket before an address: $address"
[ "$last" = serves ] && [ "$port" = serves ] && [ "$address" = "does not start" ]
