#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

// Numbers as Go programs read them from flags and YAML files: what etcd accepts, no more and no
// less.
namespace headroom::node {

// A signed integer as Go's strconv.ParseInt(text, 0, 64): an optional sign, then decimal, 0x, 0b,
// 0o or leading-0 octal digits, with single underscores between digits. nullopt when malformed or
// out of range.
std::optional<int64_t> ParseGoInt64(std::string_view text);

// The same without a sign, as strconv.ParseUint(text, 0, 64).
std::optional<uint64_t> ParseGoUint64(std::string_view text);

// A decimal integer as Go's strconv.Atoi: no prefixes, no underscores ("010" is ten).
std::optional<int64_t> ParseGoDecimal(std::string_view text);

// An integer as Go's yaml package and encoding/json read it between them from a plain scalar: what
// ParseGoInt64 takes, underscores anywhere, "09", and a float without a fraction such as
// "8.589934592e+09" or "5.0". nullopt for any other text, in quotes or not.
std::optional<int64_t> ParseYamlInt64(std::string_view text);

// A duration as Go's time.ParseDuration: "5m", "1h30m", "1.5h", "-2s". nullopt when malformed or
// beyond what 64 bits of nanoseconds hold.
std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text);

}  // namespace headroom::node
