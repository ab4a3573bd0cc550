// SPDX-License-Identifier: Apache-2.0
// Entries as the formats that people and programs read. Pure: the same entries give the same bytes.
#pragma once

#include <string>
#include <vector>

#include "plugins/feed/post.hpp"

namespace civicast::feed {

/// Atom, RFC 4287, latest first; what was retracted leaves a tombstone (RFC 6721).
std::string atom_feed(const Masthead &masthead, const std::vector<Entry> &entries);
/// One <entry> as it stands in the feed: what an airing's proof is the digest of.
std::string atom_entry(const Masthead &masthead, const Entry &entry);
/// JSON Feed 1.1.
std::string json_feed(const Masthead &masthead, const std::vector<Entry> &entries);
/// The page of all entries, and the page of one.
std::string index_page(const Masthead &masthead, const std::vector<Entry> &entries);
std::string entry_page(const Masthead &masthead, const Entry &entry);
extern const char *const style_sheet;

/// The entry's text as a fragment of HTML, both languages, with its picture.
std::string content_html(const Masthead &masthead, const Entry &entry);

}  // namespace civicast::feed
