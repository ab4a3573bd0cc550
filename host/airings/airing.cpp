// SPDX-License-Identifier: Apache-2.0
#include "host/airings/airing.hpp"

#include <charconv>

#include "host/airings/faults.hpp"
#include "host/airings/text.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::airings {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void put_text(std::string &out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (byte >= 0x20) {
      out += c;
    } else if (const auto at = std::string_view("\b\f\n\r\t").find(c);
               at != std::string_view::npos) {
      (out += '\\') += "bfnrt"[at];
    } else {
      ((out += "\\u00") += hex_digits[byte >> 4]) += hex_digits[byte & 15];
    }
  }
  out += '"';
}

void put_time(std::string &out, std::int64_t utc_ns) {
  if (utc_ns == 0)
    out += "null";
  else
    ((out += '"') += rfc3339(utc_ns)) += '"';
}

void put_words(std::string &out, const Words &words) {
  put_text(out += "\"en\":", words.en);
  put_text(out += ",\"zh\":", words.zh);
}

/// Reads the canonical form from its front. After the first thing that is not as it must be, all
/// reads are empty and `bad` names the part.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}
  const char *bad() const { return bad_; }
  bool at_end() const { return !bad_ && rest_.empty(); }

  bool sees(std::string_view what) const { return !bad_ && rest_.substr(0, what.size()) == what; }
  void expect(const char *what) {
    const std::string_view wanted(what);
    if (sees(wanted))
      rest_.remove_prefix(wanted.size());
    else
      fail(what);
  }
  std::string text(const char *key) {
    expect(key);
    std::string out;
    if (!bad_ && !take_text(out)) fail(key);
    return out;
  }
  template <class T>
  T number(const char *key) {
    expect(key);
    T value = 0;
    if (bad_) return value;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return fail(key), T{};
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  std::int64_t time(const char *key) {
    expect(key);
    if (sees("null")) return expect("null"), 0;
    const auto value = parse_rfc3339(text(""));
    if (!value) fail(key);
    return value.value_or(0);
  }
  /// A word of a fixed list.
  template <class T>
  T among(const char *key, std::optional<T> (*find)(std::string_view)) {
    const auto value = find(text(key));
    if (!value) fail(key);
    return value.value_or(T{});
  }
  Words words(const char *key) {
    expect(key);
    Words out;
    out.en = text("\"en\":");
    out.zh = text(",\"zh\":");
    return out;
  }
  /// The text of a JSON object.
  std::string object(const char *key) {
    expect(key);
    int depth = 0;
    bool is_inside_text = false;
    for (std::size_t i = 0; i < rest_.size() && !bad_; ++i) {
      const char c = rest_[i];
      if (is_inside_text && c == '\\') {
        ++i;
      } else if (c == '"') {
        is_inside_text = !is_inside_text;
      } else if (!is_inside_text && c == '{') {
        ++depth;
      } else if (!is_inside_text && c == '}' && --depth <= 0) {
        std::string out(rest_.substr(0, i + 1));
        rest_.remove_prefix(i + 1);
        return out;
      }
    }
    fail(key);
    return {};
  }

 private:
  void fail(const char *what) {
    if (!bad_) bad_ = what;
    rest_ = {};
  }
  /// A string's value. Which escapes are canonical is left to the comparison of the whole.
  bool take_text(std::string &out) {
    if (rest_.empty() || rest_.front() != '"') return false;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (c == '"') {
        rest_.remove_prefix(i + 1);
        return true;
      }
      if (c != '\\') {
        out += c;
      } else if (!take_escape(i, out)) {
        return false;
      }
    }
    return false;
  }
  bool take_escape(std::size_t &i, std::string &out) {
    if (++i >= rest_.size()) return false;
    constexpr std::string_view names = "\"\\bfnrt";
    constexpr std::string_view values = "\"\\\b\f\n\r\t";
    if (const auto at = names.find(rest_[i]); at != names.npos) {
      out += values[at];
      return true;
    }
    if (rest_.substr(i, 3) != "u00" || i + 5 > rest_.size()) return false;
    unsigned value = 0;
    const auto [end, error] =
        std::from_chars(rest_.data() + i + 3, rest_.data() + i + 5, value, 16);
    i += 4;
    out += static_cast<char>(value);
    return error == std::errc{} && end == rest_.data() + i + 1;
  }

  std::string_view rest_;
  const char *bad_ = nullptr;
};

Fault malformed(std::string_view part) {
  return Fault(faults::entry_malformed, {{"part", std::string(part)}});
}

bool is_item_word(std::string_view item) {
  return item.empty() || item == "placement" || item == "programme" || item == "filler" ||
         item == "bulletin";
}

Airing read(Cursor &in) {
  Airing a;
  a.asset = in.text("{\"asset\":");
  a.campaign = in.text(",\"campaign\":");
  a.channel = in.text(",\"channel\":");
  a.ad_class = in.text(",\"class\":");
  const bool is_disputed = in.sees(",\"dispute\":");
  if (is_disputed) {
    a.dispute.emplace();
    a.dispute->code = in.text(",\"dispute\":{\"code\":");
    a.dispute->sentence = in.words(",");
    in.expect("}");
  }
  a.end_ns = in.time(",\"end\":");
  a.epoch = in.number<std::uint64_t>(",\"epoch\":");
  a.evidence = in.among(",\"evidence\":", &evidence);
  a.fact = in.among(",\"fact\":", &fact_kind);
  a.house_sha256 = in.text(",\"house_sha256\":");
  a.item = in.text(",\"item\":");
  in.expect(is_disputed ? ",\"kind\":\"dispute\"" : ",\"kind\":\"airing\"");
  a.place = in.text(",\"place\":");
  a.placement = in.text(",\"placement\":");
  a.planned_end_ns = in.time(",\"planned_end\":");
  a.planned_start_ns = in.time(",\"planned_start\":");
  a.play = in.number<std::uint32_t>(",\"play\":");
  a.plugin = in.text(",\"plugin\":");
  a.plugin_version = in.text(",\"plugin_version\":");
  a.proof = in.object(",\"proof\":");
  a.recorded_ns = in.time(",\"recorded\":");
  a.remote = in.text(",\"remote\":");
  a.start_ns = in.time(",\"start\":");
  a.status = in.among(",\"status\":", &status);
  a.title = in.words(",\"title\":{");
  a.topic = in.text("},\"topic\":");
  in.expect(",\"v\":1}");
  return a;
}

}  // namespace

bool Airing::is_incomplete() const {
  return fact == FactKind::missed && item == "placement" && !dispute && start_ns != 0 &&
         end_ns > start_ns && status != Status::did_not_air && status != Status::missing_content;
}

std::optional<std::string> canonical_proof(std::string_view json) {
  if (json.empty() || json == "{}") return "{}";
  if (json.size() > max_proof_bytes) return {};
  const auto value = parse_json(json);
  if (!value || !value->is_object()) return {};
  std::string text = to_text(*value);
  if (text.size() > max_proof_bytes) return {};
  return text;
}

std::string encode(const Airing &a) {
  std::string out;
  out.reserve(1024);
  put_text(out += "{\"asset\":", a.asset);
  put_text(out += ",\"campaign\":", a.campaign);
  put_text(out += ",\"channel\":", a.channel);
  put_text(out += ",\"class\":", a.ad_class);
  if (a.dispute) {
    put_text(out += ",\"dispute\":{\"code\":", a.dispute->code);
    put_words(out += ',', a.dispute->sentence);
    out += '}';
  }
  put_time(out += ",\"end\":", a.end_ns);
  (out += ",\"epoch\":") += std::to_string(a.epoch);
  put_text(out += ",\"evidence\":", word(a.evidence));
  put_text(out += ",\"fact\":", word(a.fact));
  put_text(out += ",\"house_sha256\":", a.house_sha256);
  put_text(out += ",\"item\":", a.item);
  put_text(out += ",\"kind\":", a.dispute ? "dispute" : "airing");
  put_text(out += ",\"place\":", a.place);
  put_text(out += ",\"placement\":", a.placement);
  put_time(out += ",\"planned_end\":", a.planned_end_ns);
  put_time(out += ",\"planned_start\":", a.planned_start_ns);
  (out += ",\"play\":") += std::to_string(a.play);
  put_text(out += ",\"plugin\":", a.plugin);
  put_text(out += ",\"plugin_version\":", a.plugin_version);
  (out += ",\"proof\":") += a.proof;
  put_time(out += ",\"recorded\":", a.recorded_ns);
  put_text(out += ",\"remote\":", a.remote);
  put_time(out += ",\"start\":", a.start_ns);
  put_text(out += ",\"status\":", word(a.status));
  put_words(out += ",\"title\":{", a.title);
  put_text(out += "},\"topic\":", a.topic);
  return out += ",\"v\":1}";
}

Result<Airing> decode(std::string_view entry) {
  if (entry.size() > max_entry_bytes) return malformed("length");
  if (!is_utf8(entry)) return malformed("UTF-8");
  Cursor in(entry);
  Airing airing = read(in);
  if (in.bad()) return malformed(in.bad());
  if (!in.at_end()) return malformed("end");
  if (!is_item_word(airing.item)) return malformed("item");
  if (canonical_proof(airing.proof) != airing.proof) return malformed("proof");
  if (encode(airing) != entry) return malformed("form");
  return airing;
}

bool is_airing(std::string_view entry) {
  const auto value = parse_json(entry);
  if (!value || !value->is_object()) return false;
  const auto kind = value->find("kind");
  return kind != value->end() && kind->is_string() && (*kind == "airing" || *kind == "dispute");
}

}  // namespace civicast::airings
