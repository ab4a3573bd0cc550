// SPDX-License-Identifier: Apache-2.0
#include "plugins/feed/post.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <civicast/journal.hpp>
#include <nlohmann/json.hpp>

#include "plugins/feed/text.hpp"

namespace civicast::feed {
namespace {

constexpr std::size_t longest_title_bytes = 500, longest_text_bytes = 64 * 1024;
constexpr std::uint64_t largest_image_bytes = 20u << 20;

[[noreturn]] void refuse(const char *code, const char *sentence, const char *at,
                         const std::string &detail = {}) {
  throw Trouble(CIV_REFUSED, code, sentence, at, 0, detail);
}

std::string text_at(const Placement &placement, const char *at, std::size_t most_bytes) {
  const std::string text = placement.body.text(at);
  if (text.size() > most_bytes)
    refuse("text.too_long",
           "文字过长：标题上限 500 字节，正文上限 64 KiB。 · The text is too long: at most 500 "
           "bytes of "
           "title and 64 KiB of text.",
           at);
  if (!is_xml_text(text))
    refuse(
        "text.control",
        "文字中有不可见的控制字符，请删除。 · The text has control characters in it; remove them.",
        at);
  return text;
}

void read_image(const Placement &placement, Post &post) {
  if (placement.media.empty()) return;
  if (placement.media.size() > 1)
    refuse("media.count", "一条公告最多配一张图片。 · A post has one picture at most.", "/media/1");
  const Media &media = placement.media.front();
  if (media.mime != "image/jpeg")
    refuse("media.type",
           "公告的图片须是 JPEG 成品文件，请选用 jpeg_720。 · A post's picture must be a JPEG "
           "house file; "
           "use jpeg_720.",
           "/media/0", media.mime);
  struct ::stat about {};
  if (::stat(media.path.c_str(), &about) != 0 || !S_ISREG(about.st_mode) ||
      ::access(media.path.c_str(), R_OK) != 0)
    refuse(
        "media.missing",
        "找不到图片成品文件，请重新生成。 · The picture's house file is not there; make it again.",
        "/media/0", media.path);
  post.image_bytes = static_cast<std::uint64_t>(about.st_size);
  if (post.image_bytes > largest_image_bytes)
    refuse("media.too_large", "图片过大，上限 20 MiB。 · The picture is too large; at most 20 MiB.",
           "/media/0");
  const bool is_digest = media.sha256.size() == 64 &&
                         media.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_digest)
    refuse("media.sha256", "图片成品文件没有 SHA-256。 · The picture has no SHA-256.", "/media/0");
  if (sha256_hex(file::Handle(media.path, O_RDONLY).read_all()) != media.sha256)
    refuse(
        "media.changed",
        "图片成品文件与登记的不一致，请重新生成。 · The picture's house file is not the one that "
        "was recorded; make it again.",
        "/media/0", media.path);
  post.image = media.sha256;
}

}  // namespace

std::string both(const std::string &zh, const std::string &en) {
  return zh + (zh.empty() || en.empty() || zh == en ? "" : " · ") + (zh == en ? "" : en);
}

Post read_post(const Placement &placement) {
  Post post;
  post.id = placement.id;
  post.start_ns = placement.start_ns;
  if (post.id.empty() || post.id.size() > 200 || !is_xml_text(post.id))
    refuse("id.size", "编号须有 1 到 200 字节。 · The id must have 1 to 200 bytes.", "/id");
  if (post.start_ns <= 0)
    refuse("time.start", "没有发布时间。 · There is no time to post it at.", "/start");
  post.title_zh = text_at(placement, "/title/zh", longest_title_bytes);
  post.title_en = text_at(placement, "/title/en", longest_title_bytes);
  post.text_zh = text_at(placement, "/text/zh", longest_text_bytes);
  post.text_en = text_at(placement, "/text/en", longest_text_bytes);
  post.campaign = text_at(placement, "/campaign", longest_title_bytes);
  if (post.title_zh.empty() && post.title_en.empty())
    refuse("title.empty", "公告需要标题。 · A post needs a title.", "/title");
  read_image(placement, post);
  return post;
}

bool is_retraction(const Placement &placement) {
  return placement.body.flag("/retracted");
}

void to_json(nlohmann::json &json, const Post &post) {
  json = {{"id", post.id},
          {"start", post.start_ns},
          {"title", {{"zh", post.title_zh}, {"en", post.title_en}}},
          {"text", {{"zh", post.text_zh}, {"en", post.text_en}}},
          {"campaign", post.campaign},
          {"image", post.image},
          {"image_bytes", post.image_bytes}};
}

void from_json(const nlohmann::json &json, Post &post) {
  json.at("id").get_to(post.id);
  json.at("start").get_to(post.start_ns);
  json.at("title").at("zh").get_to(post.title_zh);
  json.at("title").at("en").get_to(post.title_en);
  json.at("text").at("zh").get_to(post.text_zh);
  json.at("text").at("en").get_to(post.text_en);
  json.at("campaign").get_to(post.campaign);
  json.at("image").get_to(post.image);
  json.at("image_bytes").get_to(post.image_bytes);
}

}  // namespace civicast::feed
