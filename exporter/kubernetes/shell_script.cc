#include "kubernetes/shell_script.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "kubernetes/shell_words.h"

namespace headroom::kubernetes {
namespace {

using Word = std::vector<ShellPart>;

// Linux passes no more arguments than this to a process; what a script repeats beyond it is no etcd
// start.
constexpr size_t kMaxExpandedBytes = size_t{2} << 20;
constexpr size_t kMaxCommands = 16;

constexpr std::array<std::string_view, 7> kOpeners = {"if",     "while", "until", "for",
                                                      "select", "case",  "{"};
constexpr std::array<std::string_view, 4> kClosers = {"fi", "done", "esac", "}"};
constexpr std::array<std::string_view, 6> kMiddles = {"then", "do", "else", "elif", "!", "time"};
constexpr std::array<std::string_view, 5> kDeclarers = {"export", "readonly", "declare", "typeset",
                                                        "local"};

template <size_t N>
bool IsOneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A word of plain unquoted text, as keywords are; empty for others.
std::string_view PlainText(const Word& word) {
  if (word.size() != 1 || word[0].kind != ShellPart::Kind::kText || word[0].quoted) return {};
  return word[0].text;
}

// The length of "NAME=" or "NAME+=" at the front of an assignment; 0 for other words.
size_t AssignmentLength(const Word& word) {
  if (word.empty() || word[0].kind != ShellPart::Kind::kText || word[0].quoted) return 0;
  const std::string_view text = word[0].text;
  const size_t name = VariableNameLength(text);
  if (name == 0) return 0;
  if (text.substr(name).starts_with('=')) return name + 1;
  return text.substr(name).starts_with("+=") ? name + 2 : 0;
}

class Reader {
 public:
  explicit Reader(Environment environment) : environment_(std::move(environment)) {}

  absl::StatusOr<std::vector<EtcdCommand>> Run(std::span<const ShellToken> tokens) {
    std::string_view before = ";";
    while (!tokens.empty()) {
      size_t length = 0;
      while (length < tokens.size() && tokens[length].op.empty()) ++length;
      const std::string_view after =
          length < tokens.size() ? std::string_view(tokens[length].op) : ";";
      const bool own_process =
          before.starts_with('|') || after == "|" || after == "|&" || after == "&";
      chained_ = before == "&&" || before == "||" || own_process;
      if (absl::Status status = Command(tokens.first(length)); !status.ok()) return status;
      if (after == "(") ++parentheses_;
      if (after == ")" && parentheses_ > 0) --parentheses_;
      before = after;
      tokens = tokens.subspan(std::min(length + 1, tokens.size()));
    }
    return std::move(commands_);
  }

 private:
  // Whether what is read now may be skipped when the script runs, or happens in another process.
  bool Uncertain() const { return chained_ || depth_ > 0 || parentheses_ > 0; }

  absl::Status Command(std::span<const ShellToken> tokens) {
    tokens = SkipKeywords(tokens);
    size_t assignments = 0;
    while (assignments < tokens.size() && AssignmentLength(tokens[assignments].word) > 0) {
      ++assignments;
    }
    if (assignments == tokens.size()) {
      for (const ShellToken& token : tokens) Assign(token.word, environment_, allexport_);
      return Budget();
    }
    std::vector<std::string> words;
    for (const ShellToken& token : tokens.subspan(assignments)) {
      for (std::string& field : ExpandWord(token.word, environment_)) {
        expanded_ += field.size() + 1;
        words.push_back(std::move(field));
      }
      if (absl::Status status = Budget(); !status.ok()) return status;
    }
    if (const auto etcd = FindEtcd(words)) {
      return AddEtcd(tokens.first(assignments), std::move(words), *etcd);
    }
    if (!words.empty()) Builtin(words.front(), tokens.subspan(assignments), words);
    return Budget();
  }

  absl::Status AddEtcd(std::span<const ShellToken> assignments, std::vector<std::string> words,
                       size_t etcd) {
    if (commands_.size() == kMaxCommands)
      return absl::ResourceExhaustedError("many starts of etcd");
    EtcdCommand command{.arguments = {}, .environment = environment_};
    for (const ShellToken& token : assignments) {
      Assign(token.word, command.environment, /*exported=*/true, /*certain=*/true);
    }
    ApplyEnvWords(words, etcd, command.environment);
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(etcd) + 1);
    command.arguments = std::move(words);
    commands_.push_back(std::move(command));
    return Budget();
  }

  std::span<const ShellToken> SkipKeywords(std::span<const ShellToken> tokens) {
    while (!tokens.empty()) {
      const std::string_view word = PlainText(tokens.front().word);
      if (IsOneOf(kClosers, word)) {
        if (depth_ > 0) --depth_;
      } else if (IsOneOf(kOpeners, word)) {
        ++depth_;
        if (word == "case") return {};
        if (word == "for" || word == "select") {
          if (tokens.size() > 1) Forget(PlainText(tokens[1].word));
          return {};
        }
      } else if (!IsOneOf(kMiddles, word)) {
        break;
      }
      tokens = tokens.subspan(1);
    }
    return tokens;
  }

  void Forget(std::string_view name) {
    if (VariableNameLength(name) == name.size() && !name.empty()) {
      environment_.Set(name, std::string(1, kUnknown), allexport_);
    }
  }

  void Assign(const Word& word, Environment& environment, bool exported) {
    Assign(word, environment, exported, !Uncertain());
  }

  void Assign(Word word, Environment& environment, bool exported, bool certain) {
    const size_t length = AssignmentLength(word);
    const std::string text = word[0].text.substr(0, length);
    word[0].text.erase(0, length);
    const std::string_view name = std::string_view(text).substr(0, VariableNameLength(text));
    std::string value = ExpandAssigned(word, environment);
    const auto old = environment.Get(name);
    if (text.ends_with("+=")) value = std::string(old.value_or(std::string_view())) + value;
    if (!certain && (!old || *old != value)) value = {kUnknown};
    expanded_ += value.size() + 1;
    environment.Set(name, std::move(value), exported);
  }

  // The shell's own commands that change variables.
  void Builtin(std::string_view name, std::span<const ShellToken> tokens,
               const std::vector<std::string>& words) {
    if (name == "." || name == "source" || name == "eval") {
      environment_.ForgetAll();
    } else if (name == "set") {
      for (const std::string& word : words) {
        const bool options = word.starts_with('-') && !word.starts_with("--");
        if (word == "allexport" || (options && word.find('a') != std::string::npos))
          allexport_ = true;
      }
    } else if (IsOneOf(kDeclarers, name)) {
      Declare(name, tokens, words);
    } else if (name == "unset") {
      for (const std::string& word : words) {
        if (Uncertain()) {
          Forget(word);
        } else {
          environment_.Remove(word);
        }
      }
    } else if (name == "read" || name == "mapfile" || name == "readarray" || name == "printf") {
      for (const std::string& word : words) {
        if (name != "printf" || (words.size() > 1 && words[1] == "-v")) Forget(word);
      }
    }
  }

  void Declare(std::string_view name, std::span<const ShellToken> tokens,
               const std::vector<std::string>& words) {
    const bool with_x = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word.starts_with('-') && word.find('x') != std::string::npos;
    });
    const bool exported = name == "export" || with_x || allexport_;
    for (const ShellToken& token : tokens.subspan(1)) {
      const std::string_view text = PlainText(token.word);
      if (AssignmentLength(token.word) > 0) {
        Assign(token.word, environment_, exported);
      } else if (!text.empty() && exported) {
        Export(text);
      } else if (text.empty()) {
        environment_.ForgetAll();  // export $(cat FILE): any name may come of it
      }
    }
  }

  void Export(std::string_view name) {
    // One that is not set may come from the image or from ${NAME:=...}.
    const bool set = environment_.Get(name).has_value();
    if (!set || (Uncertain() && !environment_.GetExported(name))) Forget(name);
    environment_.Export(name);
  }

  absl::Status Budget() const {
    if (expanded_ <= kMaxExpandedBytes) return absl::OkStatus();
    return absl::ResourceExhaustedError("more text than a process can be given");
  }

  Environment environment_;
  std::vector<EtcdCommand> commands_;
  size_t depth_ = 0;
  size_t parentheses_ = 0;
  size_t expanded_ = 0;
  bool chained_ = false;
  bool allexport_ = false;
};

}  // namespace

absl::StatusOr<std::vector<EtcdCommand>> EtcdCommandsInShell(std::string_view script,
                                                             const Environment& environment) {
  const absl::StatusOr<std::vector<ShellToken>> tokens = SplitShell(script);
  if (!tokens.ok()) return tokens.status();
  return Reader(environment).Run(*tokens);
}

}  // namespace headroom::kubernetes
