// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "plugins/feed/render.hpp"
#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

void leaf(pugi::xml_node parent, const char *name, const std::string &text) {
  parent.append_child(name).text().set(text.c_str());
}

void link(pugi::xml_node parent, const char *relation, const char *type, const std::string &href) {
  pugi::xml_node node = parent.append_child("link");
  node.append_attribute("rel") = relation;
  node.append_attribute("type") = type;
  node.append_attribute("href") = href.c_str();
}

void add_entry(pugi::xml_node parent, const Masthead &masthead, const Entry &entry) {
  pugi::xml_node node = parent.append_child("entry");
  leaf(node, "id", entry.tag);
  leaf(node, "title", both(entry.post.title_zh, entry.post.title_en));
  leaf(node, "published", time_text(entry.published_ns));
  leaf(node, "updated", time_text(entry.updated_ns));
  link(node, "alternate", "text/html", entry.url);
  if (!entry.post.image.empty()) {
    link(node, "enclosure", "image/jpeg",
         masthead.base_url + "/images/" + entry.post.image + ".jpg");
    node.last_child().append_attribute("length") = std::to_string(entry.post.image_bytes).c_str();
  }
  if (!entry.post.campaign.empty())
    node.append_child("category").append_attribute("term") = entry.post.campaign.c_str();
  pugi::xml_node content = node.append_child("content");
  content.append_attribute("type") = "html";
  content.text().set(content_html(masthead, entry).c_str());
}

std::string printed(const pugi::xml_node &node) {
  std::ostringstream out;
  node.print(out, " ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace

std::string atom_entry(const Masthead &masthead, const Entry &entry) {
  pugi::xml_document document;
  add_entry(document.root(), masthead, entry);
  return printed(document);
}

std::string atom_feed(const Masthead &masthead, const std::vector<Entry> &entries) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  pugi::xml_node feed = document.append_child("feed");
  feed.append_attribute("xmlns") = "http://www.w3.org/2005/Atom";
  feed.append_attribute("xmlns:at") = "http://purl.org/atompub/tombstones/1.0";
  feed.append_attribute("xml:lang") = "zh-CN";
  leaf(feed, "id", masthead.id);
  leaf(feed, "title", both(masthead.title_zh, masthead.title_en));
  std::int64_t updated_ns = masthead.first_ns;
  for (const Entry &entry : entries) updated_ns = std::max(updated_ns, entry.updated_ns);
  leaf(feed, "updated", time_text(updated_ns));
  leaf(feed.append_child("author"), "name", masthead.author);
  link(feed, "self", "application/atom+xml", masthead.base_url + "/feed.atom");
  link(feed, "alternate", "text/html", masthead.base_url + "/");
  leaf(feed, "generator", "Civicast");
  for (const Entry &entry : entries) {
    if (!entry.is_retracted) {
      add_entry(feed, masthead, entry);
      continue;
    }
    pugi::xml_node tombstone = feed.append_child("at:deleted-entry");
    tombstone.append_attribute("ref") = entry.tag.c_str();
    tombstone.append_attribute("when") = time_text(entry.updated_ns).c_str();
  }
  std::ostringstream out;
  document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace civicast::feed
