#pragma once

#include <string>
#include <string_view>

#include "kubernetes/label_text.h"

namespace headroom::kubernetes {

// Folds what controllers and scripts make up in the names of objects into "*", so that objects of
// one origin have one pattern: "web-*" for the Pod "web-7d4b9c6f5-x2x9z" and its Event
// "web-7d4b9c6f5-x2x9z.17a4f0c1b2d3e4f5", "node*" for "node12".
//
// Folded are, between "-", ".", ":" and "_": numbers, and those a word ends in; hexadecimal of
// eight digits or more with a number in it; UIDs; behind a "-" what
// k8s.io/apimachinery/pkg/util/rand makes, 5 to 10 characters without vowels; and anything of 16 or
// more with two numbers in it. All that follows in a row is one "*". Helm's releases are one
// pattern.
class NamePattern {
 public:
  // Any bytes are a name. The result is fit for a label and good until the next call; work is
  // linear in the name, and done for kMaxBytes of it.
  std::string_view Read(std::string_view name);

  static constexpr std::size_t kMaxBytes = 253;  // of a name of Kubernetes'

 private:
  std::string pattern_;
  LabelText label_;
};

// The name of the object that a key is of: what is behind the last slash.
std::string_view ObjectName(std::string_view key);

}  // namespace headroom::kubernetes
