// SPDX-License-Identifier: Apache-2.0
// XML that people write is read here and nowhere else: every mistake is reported with its line,
// and whatever a reader does not know is a mistake.
//
//     auto document = xml::Document::read(file, "places.xml", "places");
//     if (!document) return document.fault();
//     xml::Element root = document->root();
//     root.allow({}, {"centre"});
//     for (xml::Element centre : root.children("centre")) …
//     if (!document->faults().empty()) return document->faults();
//
// A value that is missing or malformed is told to the document and reads as its fallback, so that
// one pass finds all mistakes; a reader ends by asking faults().
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "sdk/base/result.hpp"

namespace civicast::xml {

inline constexpr std::uint64_t max_file_bytes = 4 << 20;
/// After so many faults in one file the rest are not told.
inline constexpr std::size_t max_faults = 200;

class Element;
using Names = std::initializer_list<std::string_view>;

class Document {
 public:
  /// Reads `file`; faults call it `shown` ("grids/cable.xml"). Refused: more than `max_bytes`,
  /// bytes that are not UTF-8, a DOCTYPE, bad XML, a root element that is not `root`.
  static Result<Document, Faults> read(const std::filesystem::path &file, std::string shown,
                                       std::string_view root,
                                       std::uint64_t max_bytes = max_file_bytes);
  /// The same for text in memory.
  static Result<Document, Faults> parse(std::string_view text, std::string shown,
                                        std::string_view root,
                                        std::uint64_t max_bytes = max_file_bytes);

  Element root();
  void tell(Fault fault);
  const Faults &faults() const;

 private:
  friend class Element;
  struct State {
    pugi::xml_document tree;
    std::string shown;
    std::vector<std::size_t> line_starts;
    Faults faults;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/// One element of a document that outlives it. Cheap to copy.
class Element {
 public:
  Element(pugi::xml_node node, Document::State *document) : node_(node), document_(document) {}

  std::string name() const { return node_.name(); }
  int line() const;
  std::string at() const;  ///< "places.xml:12"

  /// Tells a fault for each attribute and child element that is not among these (with the nearest
  /// name), for an attribute that stands twice, and for text between the children.
  void allow(Names attributes, Names children);
  /// The same for an element that holds text (see body) and no children.
  void allow_with_text(Names attributes);

  bool has(const char *attribute) const;
  /// Required, not blank, at most `max` bytes. "" after telling a fault.
  std::string text(const char *attribute, std::size_t max = 400);
  /// "" if absent.
  std::string optional_text(const char *attribute, std::size_t max = 4000);
  std::string slug(const char *attribute = "id");
  /// What stands between the blanks of a required attribute.
  std::vector<std::string> parts(const char *attribute);
  /// The same where each must be a slug.
  std::vector<std::string> slugs(const char *attribute);
  /// `<prefix>-zh` and `<prefix>-en`, both required.
  Words words(const std::string &prefix);
  int whole(const char *attribute, int min, int max, std::optional<int> fallback = {});
  Date date(const char *attribute);
  /// "19:00" or "19:00:30" or "19:00:30.480", up to "24:00", as milliseconds since midnight.
  std::int64_t clock_ms(const char *attribute, std::optional<std::int64_t> fallback = {});
  /// "15s", "480ms", "2m", "1h30m", "0s", as milliseconds; at most 24h.
  std::int64_t length_ms(const char *attribute, std::optional<std::int64_t> fallback = {});

  /// One of a list of words. The first spelling of each value is the one that faults suggest.
  template <class T>
  T choice(const char *attribute, const std::vector<std::pair<std::string_view, T>> &words,
           std::optional<T> fallback = {}) {
    if (!has(attribute) && fallback) return *fallback;
    const std::string given = text(attribute);
    std::vector<std::string_view> names;
    for (const auto &[name, value] : words) {
      if (name == given) return value;
      names.push_back(name);
    }
    if (!given.empty()) tell_not_among(attribute, given, names);
    return words.front().second;
  }

  /// The text between the tags, trimmed.
  std::string body() const;

  std::vector<Element> children() const;
  std::vector<Element> children(std::string_view name) const;
  /// The only child of that name: a fault if there is none or a second.
  std::optional<Element> child(std::string_view name);
  /// The same where it may be absent.
  std::optional<Element> optional_child(std::string_view name);

  /// Tells a fault that stands at this element's line.
  void tell(Fault fault);
  void tell_at(int line, Fault fault);  ///< at another line of the document
  /// "… is not what it should be": `expected` completes "should be …".
  void tell_bad_value(const char *attribute, const Words &expected);

 private:
  void tell_not_among(const char *attribute, std::string_view given,
                      const std::vector<std::string_view> &names);
  void allow_attributes(Names attributes);
  void allow_children(Names children);
  pugi::xml_node node_;
  Document::State *document_;
};

/// Ids within one file: `second` is told if the id was already taken, with the line of the first.
class Ids {
 public:
  void take(Element &element, const std::string &id);

 private:
  std::map<std::string, int> taken_;  ///< to their lines
};

}  // namespace civicast::xml
