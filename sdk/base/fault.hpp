// SPDX-License-Identifier: Apache-2.0
// A fault says what happened, where, and what to do, in Chinese and in English.
//
// Each room keeps its kinds of fault in a table beside its code (`faults.def`, declared by its
// `faults.hpp`); all tables together are the manual that `civicast faults` prints. Numbers and
// names are never reused.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace civicast {

enum class Lang { zh, en };

/// Who can mend it.
enum class Actor {
  person,     ///< whoever gave the input: the file, the argument, the request
  operator_,  ///< whoever runs the station: a disk, a port, a setting, a process
  engineer,   ///< whoever wrote the program or the plugin
};

/// One row of the fault table. `zh` and `en` may hold {placeholders}, filled from a Fault's facts.
struct FaultKind {
  int number;
  std::string_view name;
  Actor actor;
  std::string_view zh;
  std::string_view en;
};

class Fault {
 public:
  using Fact = std::pair<std::string, std::string>;

  /// `kind` must have static storage duration (it is a row of a table).
  explicit Fault(const FaultKind &kind, std::initializer_list<Fact> facts = {});

  /// Where: "grids/cable.xml:12", a JSON pointer, or "row 7".
  Fault at(std::string where) &&;
  /// For the engineer: an errno text, a library's message, a cause. Never needed to act.
  Fault with_detail(std::string detail) &&;

  const FaultKind &kind() const { return *kind_; }
  bool is(const FaultKind &kind) const { return kind_ == &kind || kind_->number == kind.number; }
  const std::string &where() const { return where_; }
  const std::string &detail() const { return detail_; }
  const std::vector<Fact> &facts() const { return facts_; }

  /// "grids/cable.xml:12: …", placeholders filled.
  std::string sentence(Lang lang) const;
  /// The Chinese sentence, a line break, the English one, and the detail in brackets if any.
  std::string text() const;

 private:
  const FaultKind *kind_;
  std::string where_;
  std::string detail_;
  std::vector<Fact> facts_;
};

/// Several at once: a reader of files reports every mistake it finds, not only the first.
using Faults = std::vector<Fault>;

}  // namespace civicast
