// SPDX-License-Identifier: Apache-2.0
#include "host/workers/manifest.hpp"

#include <cmath>

#include "civicast/channel.h"
#include "host/workers/faults.hpp"
#include "host/workers/pattern.hpp"
#include "host/workers/schema.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/text.hpp"

namespace civicast::workers {
namespace {

constexpr std::uint64_t max_manifest_bytes = 256 * 1024;

/// Reads members, and keeps every mistake instead of stopping at the first.
class Reader {
 public:
  explicit Reader(Json root) : root_(std::move(root)) {}

  const Json *member(const Json &in, const char *name, const std::string &at, bool is_required) {
    const auto found = in.is_object() ? in.find(name) : in.end();
    if (found != in.end()) return &*found;
    if (is_required) tell(at + "/" + name, "it is missing");
    return nullptr;
  }

  std::string text(const Json &in, const char *name, const std::string &at, const char *pattern,
                   std::string otherwise = {}, bool is_required = true) {
    const Json *value = member(in, name, at, is_required);
    if (!value) return otherwise;
    if (value->is_string() && value->get_ref<const std::string &>().size() <= 128 &&
        patterns_.is_all_of(value->get_ref<const std::string &>(), pattern))
      return value->get<std::string>();
    tell(at + "/" + name, std::string("it must match ") + pattern);
    return otherwise;
  }

  bool flag(const Json &in, const char *name, const std::string &at) {
    const Json *value = member(in, name, at, false);
    if (!value) return false;
    if (!value->is_boolean()) tell(at + "/" + name, "it must be true or false");
    return *value == true;
  }

  void seconds(const Json &in, const char *name, double &out) {
    const Json *value = member(in, name, "/limits", false);
    if (!value) return;
    const double read = value->is_number() ? value->get<double>() : -1;
    if (!std::isfinite(read) || read < 0 || read > 86400)
      return tell(std::string("/limits/") + name, "it must be seconds from 0 to 86400");
    out = read;
  }

  void count(const Json &in, const char *name, std::uint64_t least, std::uint64_t most,
             std::uint64_t &out) {
    const Json *value = member(in, name, "/limits", false);
    if (!value) return;
    const bool is_count = value->is_number_unsigned();
    const std::uint64_t read = is_count ? value->get<std::uint64_t>() : 0;
    if (!is_count || read < least || read > most)
      return tell(std::string("/limits/") + name, "it must be a whole number from " +
                                                      std::to_string(least) + " to " +
                                                      std::to_string(most));
    out = read;
  }

  void tell(const std::string &at, const std::string &reason) {
    tell(Fault(faults::manifest_wrong, {{"reason", reason}}).at(at));
  }
  void tell(Fault fault) {
    if (faults_.size() < max_faults) faults_.push_back(std::move(fault));
  }

  const Json &root() const { return root_; }
  Faults take() { return std::move(faults_); }

 private:
  Json root_;
  Faults faults_;
  Patterns patterns_;
};

void read_can(Reader &reader, Manifest &out) {
  const Json *can = reader.member(reader.root(), "can", "", true);
  if (!can) return;
  const Json *withdraw = reader.member(*can, "withdraw", "/can", false);
  if (!withdraw || *withdraw == false)
    out.withdraw = Withdraw::never;
  else if (*withdraw == "before-air")
    out.withdraw = Withdraw::before_air;
  else if (*withdraw == "always")
    out.withdraw = Withdraw::always;
  else
    reader.tell("/can/withdraw", "it must be false, \"before-air\" or \"always\"");
  out.can_recall = reader.flag(*can, "recall", "/can");
  out.survives_host = reader.flag(*can, "survives_host", "/can");
  out.can_hand_over = reader.flag(*can, "handover", "/can");
  const std::string publish = reader.text(*can, "publish", "/can", "idempotent|once", "once");
  out.publish = publish == "idempotent" ? Publish::idempotent : Publish::once;
  out.evidence = reader.text(*can, "evidence", "/can", "measured|reported|inferred", "inferred");
}

void read_limits(Reader &reader, Limits &out) {
  const Json *limits = reader.member(reader.root(), "limits", "", false);
  if (!limits) return;
  if (!limits->is_object()) return reader.tell("/limits", "it must be an object");
  reader.seconds(*limits, "open_s", out.open_s);
  reader.seconds(*limits, "check_s", out.check_s);
  reader.seconds(*limits, "publish_s", out.publish_s);
  reader.seconds(*limits, "withdraw_s", out.withdraw_s);
  reader.seconds(*limits, "recall_s", out.recall_s);
  reader.seconds(*limits, "status_s", out.status_s);
  reader.seconds(*limits, "horizon_s", out.horizon_s);
  reader.seconds(*limits, "handover_s", out.handover_s);
  reader.seconds(*limits, "grace_s", out.grace_s);
  reader.count(*limits, "memory_mb", 16, 1 << 20, out.memory_mb);
  reader.count(*limits, "open_files", 64, 1 << 20, out.open_files);
}

void read_carries(Reader &reader, Manifest &out) {
  const Json *carries = reader.member(reader.root(), "carries", "", true);
  if (!carries) return;
  const bool is_list = carries->is_array() && !carries->empty();
  if (!is_list) reader.tell("/carries", "it must be a list of text, image, video, audio");
  for (std::size_t i = 0; is_list && i < carries->size(); ++i) {
    const Json &kind = (*carries)[i];
    if (kind == "text" || kind == "image" || kind == "video" || kind == "audio")
      out.carries.push_back(kind.get<std::string>());
    else
      reader.tell("/carries/" + std::to_string(i), "it must be text, image, video or audio");
  }
}

constexpr std::size_t max_counters = 200;

void read_counters(Reader &reader, Manifest &out) {
  const Json *counters = reader.member(reader.root(), "counters", "", false);
  if (!counters) return;
  if (!counters->is_object() || counters->size() > max_counters)
    return reader.tell("/counters", "it must be an object of at most 200 names");
  for (const auto &[name, words] : counters->items()) {
    const std::string at = pointer_to("/counters", name);
    Json read = {{"zh", reader.text(words, "zh", at, ".+")},
                 {"en", reader.text(words, "en", at, ".+")}};
    const std::string in = reader.text(words, "in", at, "outputs|inputs|cues|checks", "", false);
    if (!in.empty()) read["in"] = in;
    out.counters[name] = std::move(read);
  }
}

constexpr std::size_t max_command_words = 32;
constexpr std::size_t max_word_bytes = 1024;

void read_command(Reader &reader, const Json &command, Manifest &out) {
  const bool is_list =
      command.is_array() && !command.empty() && command.size() <= max_command_words;
  if (!is_list)
    return reader.tell("/command", "it must be a list of 1 to 32 words: a program, arguments");
  for (std::size_t i = 0; i < command.size(); ++i) {
    const Json &word = command[i];
    const bool is_word = word.is_string() && !word.get_ref<const std::string &>().empty() &&
                         word.get_ref<const std::string &>().size() <= max_word_bytes &&
                         word.get_ref<const std::string &>().find('\0') == std::string::npos;
    if (!is_word) return reader.tell("/command/" + std::to_string(i), "it must be a word");
    out.command.push_back(word.get<std::string>());
  }
}

void read_code(Reader &reader, Manifest &out) {
  const Json *command = reader.member(reader.root(), "command", "", false);
  if (command && reader.member(reader.root(), "binary", "", false))
    return reader.tell("/command", "there is a binary already: name one of the two");
  if (command) return read_command(reader, *command, out);
  // Only a name: the binary lies beside its manifest and nowhere else.
  out.binary = reader.text(reader.root(), "binary", "", "[A-Za-z0-9][A-Za-z0-9_.-]*");
}

void read_abi(Reader &reader, Manifest &out) {
  const std::string abi = reader.text(reader.root(), "abi", "", "1\\.[0-9]{1,4}", "1.0");
  out.abi_minor = std::stoi(abi.substr(2));
  if (out.abi_minor > CIV_ABI_MINOR)
    reader.tell(Fault(faults::manifest_abi_newer,
                      {{"needs", abi}, {"has", "1." + std::to_string(CIV_ABI_MINOR)}})
                    .at("/abi"));
}

}  // namespace

Result<Manifest, Faults> parse_manifest(std::string_view text) {
  Result<Json> parsed = parse_json(text);
  if (!parsed) return Faults{parsed.fault()};
  if (!parsed->is_object())
    return Faults{Fault(faults::manifest_wrong, {{"reason", "it must be an object"}}).at("/")};
  Reader reader(std::move(*parsed));
  Manifest out;
  out.id = reader.text(reader.root(), "id", "", "[a-z0-9]+([.-][a-z0-9_]+)+");
  out.version =
      reader.text(reader.root(), "version", "", "[0-9]+\\.[0-9]+\\.[0-9]+([-+.][A-Za-z0-9.-]+)?");
  read_abi(reader, out);
  if (const Json *name = reader.member(reader.root(), "name", "", true)) {
    out.name.zh = reader.text(*name, "zh", "/name", ".+");
    out.name.en = reader.text(*name, "en", "/name", ".+");
  }
  read_code(reader, out);
  read_carries(reader, out);
  read_can(reader, out);
  read_limits(reader, out.limits);
  read_counters(reader, out);
  if (const Json *settings = reader.member(reader.root(), "settings", "", false)) {
    out.settings = *settings;
    for (Fault &fault : check_schema(*settings, "/settings")) reader.tell(std::move(fault));
  }
  if (Faults found = reader.take(); !found.empty()) return found;
  return out;
}

Result<Manifest, Faults> read_manifest(const std::filesystem::path &folder) {
  const Result<std::string> text = read_file(folder / "plugin.json", max_manifest_bytes);
  if (!text) return Faults{text.fault()};
  Result<Manifest, Faults> manifest = parse_manifest(*text);
  std::error_code error;
  if (manifest && manifest->command.empty() &&
      !std::filesystem::is_regular_file(folder / manifest->binary, error))
    return Faults{Fault(faults::manifest_binary_missing,
                        {{"folder", folder.string()}, {"binary", manifest->binary}})};
  return manifest;
}

Result<Json, Faults> typed_settings(const Manifest &manifest, const Json &strings,
                                    const std::string &house_format) {
  const auto whole = with_house_format(manifest.settings, strings, house_format);
  if (!whole) return whole.fault();
  return typed(manifest.settings, *whole);
}

}  // namespace civicast::workers
