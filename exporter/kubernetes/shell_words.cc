#include "kubernetes/shell_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "kubernetes/shell_expansion.h"

namespace headroom::kubernetes {
namespace {

using Kind = ShellPart::Kind;

// Longest first.
constexpr std::array<std::string_view, 20> kOperators = {
    "<<<", "<<-", "&>>", "&&", "||", ";;", "|&", "<<", "<>", "<&",
    ">>",  ">&",  ">|",  "&>", ";",  "&",  "|",  "<",  ">",  "("};

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool EndsWord(char c) {
  return IsBlank(c) || c == '\n' || c == ';' || c == '&' || c == '|' || c == '<' || c == '>' ||
         c == '(' || c == ')';
}

class Splitter {
 public:
  explicit Splitter(std::string_view script) : rest_(script) {}

  absl::StatusOr<std::vector<ShellToken>> Run() {
    while (!rest_.empty()) {
      if (IsBlank(rest_.front())) {
        rest_.remove_prefix(1);
      } else if (rest_.starts_with("\\\n")) {
        rest_.remove_prefix(2);
      } else if (rest_.front() == '#') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_.front() == '\n' || rest_.front() == ')') {
        AddOperator(rest_.substr(0, 1));
      } else if (EndsWord(rest_.front())) {
        if (absl::Status status = TakeOperator(); !status.ok()) return status;
      } else if (absl::Status status = TakeWord(); !status.ok()) {
        return status;
      }
    }
    return std::move(tokens_);
  }

 private:
  void AddOperator(std::string_view op) {
    skip_word_ = false;
    tokens_.push_back({.op = std::string(op), .word = {}});
    rest_.remove_prefix(op.size());
  }

  absl::Status TakeOperator() {
    for (const std::string_view op : kOperators) {
      if (!rest_.starts_with(op)) continue;
      if (op == "<<" || op == "<<-") return absl::UnimplementedError("a here-document");
      if (op.find_first_of("<>") == std::string_view::npos) {
        AddOperator(op);
      } else {
        rest_.remove_prefix(op.size());
        skip_word_ = true;
      }
      break;
    }
    return absl::OkStatus();
  }

  absl::Status TakeWord() {
    word_.clear();
    while (!rest_.empty() && !EndsWord(rest_.front())) {
      if (absl::Status status = TakePart(); !status.ok()) return status;
    }
    const bool descriptor = (rest_.starts_with('<') || rest_.starts_with('>')) &&
                            word_.size() == 1 && !word_[0].quoted &&
                            word_[0].text.find_first_not_of("0123456789") == std::string::npos;
    if (rest_.starts_with('(') && !word_.empty() && word_.back().text.ends_with('=')) {
      return absl::UnimplementedError("an array");
    }
    // A redirection's descriptor and target are no arguments.
    if (!skip_word_ && !descriptor) tokens_.push_back({.op = {}, .word = std::move(word_)});
    skip_word_ = false;
    return absl::OkStatus();
  }

  absl::Status TakePart() {
    switch (rest_.front()) {
      case '\'':
        return TakeSingleQuoted();
      case '"':
        return TakeDoubleQuoted();
      case '$':
      case '`':
        return TakeShellExpansion(rest_, /*quoted=*/false, word_);
      case '\\':
        TakeEscape();
        return absl::OkStatus();
      default:
        AddText(rest_.substr(0, 1), /*quoted=*/false);
        rest_.remove_prefix(1);
        return absl::OkStatus();
    }
  }

  absl::Status TakeSingleQuoted() {
    const size_t close = rest_.find('\'', 1);
    if (close == std::string_view::npos) return absl::InvalidArgumentError("a quote without end");
    AddText(rest_.substr(1, close - 1), /*quoted=*/true);
    rest_.remove_prefix(close + 1);
    return absl::OkStatus();
  }

  absl::Status TakeDoubleQuoted() {
    rest_.remove_prefix(1);
    AddText("", /*quoted=*/true);  // "" is a word too
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') {
        rest_.remove_prefix(1);
        return absl::OkStatus();
      }
      if (c == '$' || c == '`') {
        if (absl::Status status = TakeShellExpansion(rest_, /*quoted=*/true, word_); !status.ok()) {
          return status;
        }
      } else if (c == '\\' && rest_.size() > 1 &&
                 std::string_view("$`\"\\\n").find(rest_[1]) != std::string_view::npos) {
        TakeEscape();
      } else {
        AddText(rest_.substr(0, 1), /*quoted=*/true);
        rest_.remove_prefix(1);
      }
    }
    return absl::InvalidArgumentError("a quote without end");
  }

  void TakeEscape() {
    if (!rest_.starts_with("\\\n")) AddText(rest_.substr(1, 1), /*quoted=*/true);
    rest_.remove_prefix(std::min<size_t>(2, rest_.size()));
  }

  void AddText(std::string_view text, bool quoted) {
    if (word_.empty() || word_.back().kind != Kind::kText || word_.back().quoted != quoted) {
      word_.push_back({.kind = Kind::kText, .text = {}, .quoted = quoted});
    }
    word_.back().text.append(text);
  }

  std::string_view rest_;
  std::vector<ShellToken> tokens_;
  std::vector<ShellPart> word_;
  bool skip_word_ = false;  // the next word is a redirection's target
};

// What a part stands for; unknown unless the environment tells.
std::string Resolve(const ShellPart& part, const Environment& environment) {
  if (part.kind == Kind::kText) return part.text;
  if (part.kind != Kind::kOther) {
    const auto value = environment.Get(part.text);
    const bool usable = value && (part.kind == Kind::kVariable || !value->empty());
    if (usable && !IsUnknown(*value)) return std::string(*value);
    return std::string(1, kUnknown) + "${" + part.text + "}";
  }
  return std::string(1, kUnknown) + part.text;
}

// Adds the value of an unquoted variable: blanks in it end one field and begin the next.
void AppendSplit(std::string_view value, std::vector<std::string>& fields, bool& open) {
  for (const char c : value) {
    if (IsBlank(c) || c == '\n') {
      open = false;
      continue;
    }
    if (!open) fields.emplace_back();
    open = true;
    fields.back().push_back(c);
  }
}

}  // namespace

absl::StatusOr<std::vector<ShellToken>> SplitShell(std::string_view script) {
  return Splitter(script).Run();
}

std::vector<std::string> ExpandWord(const std::vector<ShellPart>& word,
                                    const Environment& environment) {
  std::vector<std::string> fields;
  bool open = false;  // the last field still grows
  size_t bytes = 0;
  for (const ShellPart& part : word) {
    const std::string value = Resolve(part, environment);
    bytes += value.size();
    if (bytes > kMaxArgumentBytes) return {std::string(1, kUnknown)};
    if (part.kind != Kind::kText && !part.quoted && !IsUnknown(value)) {
      AppendSplit(value, fields, open);
      continue;
    }
    if (!open) fields.emplace_back();
    open = true;
    fields.back().append(value);
  }
  return fields;
}

std::string ExpandAssigned(const std::vector<ShellPart>& word, const Environment& environment) {
  std::string result;
  for (const ShellPart& part : word) {
    result.append(Resolve(part, environment));
    if (result.size() > kMaxArgumentBytes) return {kUnknown};
  }
  return result;
}

}  // namespace headroom::kubernetes
