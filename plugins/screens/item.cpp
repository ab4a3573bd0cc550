// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/item.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace civicast::screens {
namespace {

constexpr std::int64_t longest_ns = 24LL * 3600 * 1'000'000'000;

[[noreturn]] void refuse(const char *code, const char *sentence, const char *at,
                         const std::string &detail = {}) {
  throw Trouble(CIV_REFUSED, code, sentence, at, 0, detail);
}

Media read_media(const Placement &placement) {
  if (placement.media.size() != 1)
    refuse("media.count",
           "大屏的每个条目需要恰好一个成品文件。 · A screen item needs exactly one house file.",
           "/media");
  const Media &media = placement.media.front();
  if (media.mime != "video/mp4")
    refuse("media.type",
           "大屏只能播放 MP4 成品文件，请选用 mp4_720p25。 · Screens show MP4 house files only; "
           "use mp4_720p25.",
           "/media/0", media.mime);
  if (!is_sha256(media.sha256))
    refuse("media.sha256", "成品文件没有 SHA-256。 · The house file has no SHA-256.", "/media/0");
  if (media.duration_ns <= 0)
    refuse("media.duration", "成品文件没有时长。 · The house file has no duration.", "/media/0");
  if (::access(media.path.c_str(), R_OK) != 0)
    refuse("media.missing",
           "找不到成品文件，请重新生成。 · The house file is not there; make it again.", "/media/0",
           media.path);
  return media;
}

}  // namespace

bool is_place_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.';
         });
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool Item::is_on(std::string_view place) const {
  return std::find(places.begin(), places.end(), place) != places.end();
}

bool Item::operator==(const Item &other) const {
  return id == other.id && kind == other.kind && asset == other.asset &&
         title_zh == other.title_zh && title_en == other.title_en && start_ns == other.start_ns &&
         end_ns == other.end_ns && media.sha256 == other.media.sha256 && places == other.places;
}

Item read_item(const Placement &placement) {
  Item item;
  item.id = placement.id;
  item.start_ns = placement.start_ns;
  item.end_ns = placement.end_ns;
  item.kind = placement.body.text("/kind");
  item.asset = placement.body.text("/asset");
  item.title_zh = placement.body.text("/title/zh");
  item.title_en = placement.body.text("/title/en");
  if (item.id.empty() || item.id.size() > 200)
    refuse("id.size", "条目编号须有 1 到 200 字节。 · The item's id must have 1 to 200 bytes.",
           "/id");
  if (item.end_ns <= item.start_ns || item.end_ns - item.start_ns > longest_ns)
    refuse("time.length",
           "结束须晚于开始，且不超过 24 小时。 · It must end after its start, within 24 hours.",
           "/end");
  if (item.kind != "placement" && item.kind != "programme" && item.kind != "filler" &&
      item.kind != "bulletin")
    refuse("kind.unknown",
           "类别须为 placement、programme、filler 或 bulletin。 · The kind must be placement, "
           "programme, filler or bulletin.",
           "/kind", item.kind);
  item.media = read_media(placement);
  const std::size_t count = placement.body.count("/places");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string at = "/places/" + std::to_string(i);
    const std::string place = placement.body.text(at);
    if (!is_place_id(place))
      refuse("place.malformed",
             "点位编号只能用小写字母、数字、-、_ 和 .。 · A place id has only a–z, 0–9, -, _ and .",
             at.c_str(), place);
    if (!item.is_on(place)) item.places.push_back(place);
  }
  if (item.places.empty())
    refuse("place.none", "没有指定任何大屏点位。 · No screen is named.", "/places");
  return item;
}

std::string_view word(Outcome outcome) {
  switch (outcome) {
    case Outcome::complete:
      return "complete";
    case Outcome::partial:
      return "partial";
    case Outcome::failed:
      break;
  }
  return "failed";
}

void to_json(nlohmann::json &json, const Item &item) {
  json = {{"id", item.id},
          {"kind", item.kind},
          {"asset", item.asset},
          {"zh", item.title_zh},
          {"en", item.title_en},
          {"start", item.start_ns},
          {"end", item.end_ns},
          {"path", item.media.path},
          {"sha256", item.media.sha256},
          {"mime", item.media.mime},
          {"duration", item.media.duration_ns},
          {"places", item.places}};
}

void from_json(const nlohmann::json &json, Item &item) {
  json.at("id").get_to(item.id);
  json.at("kind").get_to(item.kind);
  json.at("asset").get_to(item.asset);
  json.at("zh").get_to(item.title_zh);
  json.at("en").get_to(item.title_en);
  json.at("start").get_to(item.start_ns);
  json.at("end").get_to(item.end_ns);
  json.at("path").get_to(item.media.path);
  json.at("sha256").get_to(item.media.sha256);
  json.at("mime").get_to(item.media.mime);
  json.at("duration").get_to(item.media.duration_ns);
  json.at("places").get_to(item.places);
}

void to_json(nlohmann::json &json, const PlayRecord &record) {
  json = {{"session", record.session},       {"seq", record.seq},
          {"placement", record.placement},   {"outcome", word(record.outcome)},
          {"reason", record.reason},         {"sha256", record.sha256},
          {"start", record.start_ms},        {"end", record.end_ms},
          {"visible_ms", record.visible_ms}, {"frames", record.frames}};
}

void from_json(const nlohmann::json &json, PlayRecord &record) {
  json.at("session").get_to(record.session);
  json.at("seq").get_to(record.seq);
  json.at("placement").get_to(record.placement);
  json.at("reason").get_to(record.reason);
  json.at("sha256").get_to(record.sha256);
  json.at("start").get_to(record.start_ms);
  json.at("end").get_to(record.end_ms);
  json.at("visible_ms").get_to(record.visible_ms);
  json.at("frames").get_to(record.frames);
  const std::string outcome = json.at("outcome");
  record.outcome = outcome == "complete"  ? Outcome::complete
                   : outcome == "partial" ? Outcome::partial
                                          : Outcome::failed;
}

}  // namespace civicast::screens
