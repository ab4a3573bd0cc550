// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "plugins/feed/render.hpp"
#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

using Json = nlohmann::ordered_json;

Json item(const Masthead &masthead, const Entry &entry) {
  const Post &post = entry.post;
  Json json{{"id", entry.tag},
            {"url", entry.url},
            {"title", both(post.title_zh, post.title_en)},
            {"content_html", content_html(masthead, entry)},
            {"date_published", time_text(entry.published_ns)},
            {"date_modified", time_text(entry.updated_ns)},
            {"language", "zh-CN"}};
  if (!post.campaign.empty()) json["tags"] = {post.campaign};
  if (!post.image.empty()) {
    const std::string image = masthead.base_url + "/images/" + post.image + ".jpg";
    json["image"] = image;
    Json attachment{
        {"url", image}, {"mime_type", "image/jpeg"}, {"size_in_bytes", post.image_bytes}};
    json["attachments"] = Json::array({attachment});
  }
  json["_civicast"] = {{"placement", post.id},
                       {"title", {{"zh", post.title_zh}, {"en", post.title_en}}},
                       {"text", {{"zh", post.text_zh}, {"en", post.text_en}}}};
  return json;
}

}  // namespace

std::string json_feed(const Masthead &masthead, const std::vector<Entry> &entries) {
  Json items = Json::array();
  for (const Entry &entry : entries)
    if (!entry.is_retracted) items.push_back(item(masthead, entry));
  return Json{{"version", "https://jsonfeed.org/version/1.1"},
              {"title", both(masthead.title_zh, masthead.title_en)},
              {"home_page_url", masthead.base_url + "/"},
              {"feed_url", masthead.base_url + "/feed.json"},
              {"language", "zh-CN"},
              {"authors", Json::array({Json{{"name", masthead.author}}})},
              {"items", std::move(items)}}
             .dump(1) +
         "\n";
}

}  // namespace civicast::feed
