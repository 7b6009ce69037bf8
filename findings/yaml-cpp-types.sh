#!/bin/sh
# yaml-cpp 0.7.0: strings that look like another type are written without quotes, and nothing is read as the text "null".
#
# One would expect a std::string given to the emitter to come back as a string. It quotes "null" and "~", but writes "true", "010" and
# "1e3" bare, so a reader of the document, such as Kubernetes of an annotation, sees a boolean or a number. One would expect an
# empty value (`name:`) read with as<std::string>("default") to give "default", as a missing key does. It gives the four letters "null".
#
# Seen: written: {nothing: "null", truth: true, octal: 010, number: 1e3}; "empty: null", "tilde: null", "missing: default".
#
# Compiles a program with Debian 12's libyaml-cpp 0.7.0 from its packages in a temporary folder. Needs g++.
set -eu
version=0.7.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for package in libyaml-cpp-dev libyaml-cpp0.7; do
  apt-get download "$package=$version*" >/dev/null 2>&1
  dpkg -x "$package"_*.deb .
done
library=$(dirname "$(find . -name 'libyaml-cpp.so.0.7')")
cat >try.cc <<'CC'
#include <yaml-cpp/yaml.h>

#include <iostream>
#include <string>

int main() {
  YAML::Emitter out;
  out << YAML::Flow << YAML::BeginMap;
  const std::pair<const char*, std::string> values[] = {{"nothing", "null"}, {"truth", "true"}, {"octal", "010"}, {"number", "1e3"}};
  for (const auto& [key, text] : values) out << YAML::Key << key << YAML::Value << text;
  out << YAML::EndMap;
  std::cout << "written: " << out.c_str() << "\n";

  const YAML::Node read = YAML::Load("empty:\ntilde: ~\n");
  for (const char* key : {"empty", "tilde", "missing"}) std::cout << key << ": " << read[key].as<std::string>("default") << "\n";
}
CC
g++ -std=c++17 -Wall -Iusr/include try.cc -o try "$library/libyaml-cpp.so.0.7"
LD_LIBRARY_PATH=$library ./try | tee seen
cat >expected <<'TEXT'
written: {nothing: "null", truth: true, octal: 010, number: 1e3}
empty: null
tilde: null
missing: default
TEXT
if ! diff expected seen; then
  echo "yaml-cpp $version: this has changed."
  exit 1
fi
