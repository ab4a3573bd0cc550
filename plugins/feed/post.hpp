// SPDX-License-Identifier: Apache-2.0
// What the feed is handed (a post) and what it becomes (an entry).
#pragma once

#include <civicast/channel.hpp>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace civicast::feed {

/// `start_ns` is when it is to be seen. `image` is the SHA-256 of a JPEG, or empty.
struct Post {
  std::string id, title_zh, title_en, text_zh, text_en, campaign, image;
  std::uint64_t image_bytes = 0;
  std::int64_t start_ns = 0;
  bool operator==(const Post &) const = default;
};

/// A post that is out. `tag` never changes and is never used for another; `url` is its own page.
struct Entry {
  Post post;
  std::string tag, url;
  std::int64_t published_ns = 0, updated_ns = 0;
  bool is_retracted = false;
};

/// What is true of the whole feed.
struct Masthead {
  std::string id, title_zh, title_en, author, base_url;
  std::int64_t first_ns = 0;  ///< when the feed began
};

/// Reads a placement; throws Trouble(CIV_REFUSED) with a sentence for what cannot be posted.
Post read_post(const Placement &placement);

/// Is this the wish to take a published post back? {"retracted": true} in its body.
bool is_retraction(const Placement &placement);

void to_json(nlohmann::json &json, const Post &post);
void from_json(const nlohmann::json &json, Post &post);

/// "中文 · English", or the one that there is.
std::string both(const std::string &zh, const std::string &en);

}  // namespace civicast::feed
