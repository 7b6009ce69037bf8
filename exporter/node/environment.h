#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::node {

// Marks, inside a text, a part whose value the node's files do not have; the source of
// that part
// ("$(QUOTA)") follows it, for messages. No argument or variable of a process can hold this
// character.
inline constexpr char kUnknown = '\0';

// Linux passes no longer argument or variable to a process (MAX_ARG_STRLEN); longer texts are
// unknown.
inline constexpr size_t kMaxArgumentBytes = size_t{128} << 10;

bool IsUnknown(std::string_view text);

// `text` for a message: one line, markers left out, cut to a readable length.
std::string MessageText(std::string_view text);

// The variables of a container, as its manifest sets them one after another.
class Environment {
 public:
  // A value with kUnknown in it is unknown.
  void Set(const std::string& name, std::string value);
  // From now on variables that are not listed may be set.
  void AllowOthers() { complete_ = false; }

  // nullopt when the variable is not set. Views stay valid until the variable changes.
  std::optional<std::string_view> Get(std::string_view name) const;
  // Whether the variable is known to be set, be its value known or not.
  bool Lists(std::string_view name) const { return variables_.find(name) != variables_.end(); }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
  bool complete_ = true;
};

// Replaces `$(NAME)` as Kubernetes does in command, args and env values, `$$` standing for `$`.
// References that have no value here become unknown.
std::string ExpandReferences(std::string_view text, const Environment& environment);

}  // namespace headroom::node
