#!/bin/sh
# spdlog 1.10.0: a level name that it does not know, one in capitals included, turns logging off.
#
# One would expect spdlog::level::from_str, given a name from a flag or an environment variable, to fail, or to fall back to a level that
# shows something. It knows lower-case names alone, and answers level::off for every other. So with INFO, WARN, fatal or verbose, which
# other loggers take, a program that passes the name on is silent, its errors too. The library's own reader of SPDLOG_LEVEL is kinder:
# it takes INFO.
#
# Seen: "info: info, INFO: off, Warning: off, fatal: off, verbose: off" and, for SPDLOG_LEVEL=INFO, "info".
#
# Compiles a program of a few lines against Debian 12's libspdlog-dev 1.10.0 and libfmt-dev, from their packages in a temporary folder.
# Needs g++.
set -eu
version=1.10.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download "libspdlog-dev=1:$version*" "libfmt-dev=9.1.0*" >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" .; done
cat >try.cc <<'CC'
#include <spdlog/cfg/env.h>
#include <spdlog/spdlog.h>

#include <cstdio>

int main() {
  for (const char* name : {"info", "INFO", "Warning", "fatal", "verbose"})
    std::printf("%s: %s\n", name, spdlog::level::to_string_view(spdlog::level::from_str(name)).data());
  spdlog::set_level(spdlog::level::critical);
  spdlog::cfg::load_env_levels();
  std::printf("from the environment: %s\n", spdlog::level::to_string_view(spdlog::get_level()).data());
}
CC
g++ -std=c++17 -DFMT_HEADER_ONLY -DSPDLOG_FMT_EXTERNAL -Iusr/include try.cc -o try -pthread
SPDLOG_LEVEL=INFO ./try | tee seen
cat >expected <<'TEXT'
info: info
INFO: off
Warning: off
fatal: off
verbose: off
from the environment: info
TEXT
if ! diff expected seen; then
  echo "spdlog $version: this has changed."
  exit 1
fi
