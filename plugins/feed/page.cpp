// SPDX-License-Identifier: Apache-2.0
#include <pugixml.hpp>
#include <sstream>

#include "plugins/feed/render.hpp"
#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

pugi::xml_node element(pugi::xml_node parent, const char *name, const std::string &text = {},
                       const char *language = nullptr) {
  pugi::xml_node node = parent.append_child(name);
  if (language) node.append_attribute("lang") = language;
  if (!text.empty()) node.text().set(text.c_str());
  return node;
}

void paragraphs(pugi::xml_node parent, const std::string &text, const char *language) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.find_first_not_of(" \t\r") != line.npos) element(parent, "p", line, language);
}

/// What an entry says, under `root` (the address that its picture is looked for at).
void body_of(pugi::xml_node parent, const Post &post, const std::string &root) {
  if (!post.image.empty()) {
    pugi::xml_node image = parent.append_child("img");
    image.append_attribute("src") = (root + "images/" + post.image + ".jpg").c_str();
    image.append_attribute("alt") = both(post.title_zh, post.title_en).c_str();
  }
  paragraphs(parent, post.text_zh, "zh-CN");
  paragraphs(parent, post.text_en, "en");
}

void when(pugi::xml_node parent, const Entry &entry) {
  pugi::xml_node line = element(parent, "p");
  line.append_attribute("class") = "when";
  pugi::xml_node time = element(line, "time", time_text(entry.published_ns));
  time.append_attribute("datetime") = time_text(entry.published_ns).c_str();
  if (entry.updated_ns != entry.published_ns)
    element(line, "span", " 更新于 · updated " + time_text(entry.updated_ns));
}

/// Text and tags follow each other without added blanks, as HTML wants it.
std::string printed(const pugi::xml_node &node) {
  std::ostringstream out;
  node.print(out, "", pugi::format_raw, pugi::encoding_utf8);
  return out.str();
}

pugi::xml_node begin(pugi::xml_document &document, const Masthead &masthead,
                     const std::string &title, const std::string &root) {
  document.append_child(pugi::node_doctype).set_value("html");
  pugi::xml_node html = document.append_child("html");
  html.append_attribute("lang") = "zh-CN";
  pugi::xml_node head = html.append_child("head");
  head.append_child("meta").append_attribute("charset") = "utf-8";
  pugi::xml_node viewport = head.append_child("meta");
  viewport.append_attribute("name") = "viewport";
  viewport.append_attribute("content") = "width=device-width, initial-scale=1";
  element(head, "title", title);
  const auto link = [&](const char *relation, const char *type, const std::string &href) {
    pugi::xml_node node = head.append_child("link");
    node.append_attribute("rel") = relation;
    node.append_attribute("type") = type;
    node.append_attribute("href") = href.c_str();
  };
  link("stylesheet", "text/css", root + "style.css");
  link("alternate", "application/atom+xml", root + "feed.atom");
  link("alternate", "application/feed+json", root + "feed.json");
  pugi::xml_node body = html.append_child("body");
  pugi::xml_node header = body.append_child("header");
  pugi::xml_node name = header.append_child("h1");
  pugi::xml_node home = element(name, "a", masthead.title_zh);
  home.append_attribute("href") = (root.empty() ? "./" : root).c_str();
  if (!masthead.title_en.empty()) element(header, "p", masthead.title_en, "en");
  return body;
}

void title_of(pugi::xml_node parent, const Post &post, const std::string &href) {
  pugi::xml_node heading = parent.append_child("h2");
  pugi::xml_node inner = heading;
  if (!href.empty()) {
    inner = heading.append_child("a");
    inner.append_attribute("href") = href.c_str();
  }
  inner.text().set((post.title_zh.empty() ? post.title_en : post.title_zh).c_str());
  if (!post.title_zh.empty() && !post.title_en.empty() && post.title_en != post.title_zh) {
    pugi::xml_node english = element(parent, "p", post.title_en, "en");
    english.append_attribute("class") = "subtitle";
  }
}

void footer(pugi::xml_node body, const Masthead &masthead, const std::string &root) {
  pugi::xml_node end = element(body, "footer", masthead.author + " · ");
  const auto link = [&](const char *name, const std::string &href) {
    element(end, "a", name).append_attribute("href") = href.c_str();
    end.append_child(pugi::node_pcdata).set_value(" ");
  };
  link("Atom", root + "feed.atom");
  link("JSON Feed", root + "feed.json");
}

}  // namespace

const char *const style_sheet =
    "html{font:17px/1.8 \"Noto Sans CJK SC\",\"Source Han Sans SC\",sans-serif;color:#1c2b3a;"
    "background:#f4f6f8}body{max-width:46rem;margin:0 auto;padding:2rem 1rem}h1{margin:0;"
    "font-size:2rem}h1 a,h2 a{color:inherit;text-decoration:none}header p{margin:0;color:#5b6b7b}"
    "article{background:#fff;border-radius:.6rem;padding:1.2rem 1.6rem;margin:1.4rem 0;"
    "box-shadow:0 1px 3px #0002}h2{margin:0;font-size:1.35rem}.subtitle,.when{margin:0;"
    "color:#5b6b7b;font-size:.9rem}img{width:100%;border-radius:.4rem;margin:.8rem 0}"
    "footer{color:#5b6b7b;font-size:.9rem}footer a{color:#17609b}\n";

std::string content_html(const Masthead &masthead, const Entry &entry) {
  pugi::xml_document document;
  body_of(document.root(), entry.post, masthead.base_url + "/");
  if (!document.first_child())
    element(document.root(), "p", both(entry.post.title_zh, entry.post.title_en));
  return printed(document);
}

std::string index_page(const Masthead &masthead, const std::vector<Entry> &entries) {
  pugi::xml_document document;
  pugi::xml_node body = begin(document, masthead, both(masthead.title_zh, masthead.title_en), "");
  pugi::xml_node main = body.append_child("main");
  for (const Entry &entry : entries) {
    if (entry.is_retracted) continue;
    pugi::xml_node article = main.append_child("article");
    title_of(article, entry.post, "posts/" + slug(entry.post.id) + ".html");
    when(article, entry);
    body_of(article, entry.post, "");
  }
  if (!main.first_child()) element(main, "p", "还没有公告 · No notices yet");
  footer(body, masthead, "");
  return printed(document);
}

std::string entry_page(const Masthead &masthead, const Entry &entry) {
  pugi::xml_document document;
  const std::string root = "../";
  const std::string title =
      entry.is_retracted ? "已撤回 · Withdrawn" : both(entry.post.title_zh, entry.post.title_en);
  pugi::xml_node body = begin(document, masthead, title, root);
  pugi::xml_node article = body.append_child("main").append_child("article");
  if (entry.is_retracted) {
    element(article, "p", "这条公告已撤回。 · This notice was withdrawn.");
  } else {
    title_of(article, entry.post, "");
    when(article, entry);
    body_of(article, entry.post, root);
  }
  footer(body, masthead, root);
  return printed(document);
}

}  // namespace civicast::feed
