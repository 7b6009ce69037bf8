#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::kubernetes {

// Marks, inside a text, a part whose value can not be told from the node's files; the source of
// that part
// ("${QUOTA}") follows it, for messages. No argument or variable of a process can hold this
// character.
inline constexpr char kUnknown = '\0';

// Linux passes no longer argument or variable to a process (MAX_ARG_STRLEN); longer texts are
// unknown.
inline constexpr size_t kMaxArgumentBytes = size_t{128} << 10;

bool IsUnknown(std::string_view text);

// `text` for a message: one line, markers left out, cut to a readable length.
std::string Printable(std::string_view text);

// The length of the variable name at the front of `text`; 0 when there is none.
size_t VariableNameLength(std::string_view text);

// The variables of a container, as its manifest and its shell script set them one after another.
class Environment {
 public:
  // A value with kUnknown in it is one that can not be told. An exported variable stays exported.
  void Set(std::string_view name, std::string value, bool exported);
  void Export(std::string_view name);
  void Remove(std::string_view name);

  // From now on any variable may be set to anything: a file was sourced, or variables come from
  // elsewhere.
  void ForgetAll();
  // From now on variables that are not listed may be set.
  void AllowOthers() { complete_ = false; }

  // nullopt when the variable is not set. Views stay valid until the variable changes.
  std::optional<std::string_view> Get(std::string_view name) const;
  // The same, for what a child process sees.
  std::optional<std::string_view> GetExported(std::string_view name) const;
  // Whether the variable is known to be set, be its value known or not.
  bool Lists(std::string_view name) const { return variables_.find(name) != variables_.end(); }

 private:
  struct Variable {
    std::string value;
    bool exported = false;
  };

  std::map<std::string, Variable, std::less<>> variables_;
  bool complete_ = true;
};

// Replaces `$(NAME)` as Kubernetes does in command, args and env values, `$$` standing for `$`.
// References that have no value here become unknown.
std::string ExpandReferences(std::string_view text, const Environment& environment);

}  // namespace headroom::kubernetes
