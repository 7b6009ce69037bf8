#!/bin/sh
# CLI11 2.1.2: an empty value takes the next argument, and a unit without a number is one of it.
#
# One would expect --name= to set an empty value, as Go's flag, Python's argparse and getopt_long do, or to be refused. CLI11 takes the
# argument behind it for the value, a flag, too: `--name= --size=1` sets name to "--size=1", and size stays unset without an error.
# One would expect its AsSizeValue to refuse "GiB" as a size. It takes it for 1 GiB.
#
# Seen: "name=--size=1 size=0" and, for --size=GiB, "size=1073741824".
#
# Compiles a program of a few lines against Debian 12's libcli11-dev 2.1.2, from its package in a temporary folder. Needs g++.
set -eu
version=2.1.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download "libcli11-dev=$version*" >/dev/null 2>&1
dpkg -x libcli11-dev_*.deb .
cat >try.cc <<'EOF'
#include <CLI/CLI.hpp>
#include <iostream>
int main(int argc, char** argv) {
  CLI::App app;
  std::string name;
  std::uint64_t size = 0;
  app.add_option("--name", name);
  app.add_option("--size", size)->transform(CLI::AsSizeValue(true));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::cout << error.what() << "\n";
    return 0;
  }
  std::cout << "name=" << name << " size=" << size << "\n";
}
EOF
g++ -std=c++17 -Iusr/include try.cc -o try
flag=$(./try --name= --size=1)
unit=$(./try --size=GiB)
echo "CLI11 $version: --name= --size=1: $flag | --size=GiB: $unit"
[ "$flag" = "name=--size=1 size=0" ] && [ "$unit" = "name= size=1073741824" ]
