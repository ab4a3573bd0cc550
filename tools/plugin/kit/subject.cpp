// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/subject.hpp"

#include <algorithm>

#include "host/library/library.hpp"
#include "host/workers/schema.hpp"
#include "sdk/base/disk.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/settings.hpp"

namespace civicast::kit {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_file_bytes = 256 * 1024;
constexpr double max_seconds = 600;

std::string known_formats() {
  std::string names;
  for (const library::HouseFormat &format : library::house_formats())
    names += (names.empty() ? "" : ", ") + library::name_of(format);
  return "one of " + names;
}

/// Reads check.json; every mistake is told with its pointer.
class CheckFile {
 public:
  CheckFile(Faults &faults, std::string name) : faults_(faults), name_(std::move(name)) {}

  Json settings;
  std::vector<Sample> samples;

  /// Appends to `samples`.
  void sample(const Json &in, const std::string &at) {
    Sample out;
    if (!in.is_object()) return tell(at, "it must be an object");
    for (const auto &[name, value] : in.items()) member(name, value, at, out);
    samples.push_back(std::move(out));
  }

  void read(const Json &root) {
    if (!root.is_object()) return tell("/", "it must be an object");
    for (const auto &[name, value] : root.items()) {
      if (name == "settings" && value.is_object())
        settings = value;
      else if (name == "placements" && value.is_array() && !value.empty())
        for (std::size_t i = 0; i < value.size(); ++i)
          sample(value[i], "/placements/" + std::to_string(i));
      else
        tell("/" + name, "it may hold \"settings\", an object, and \"placements\", a list");
    }
  }

 private:
  void tell(const std::string &at, const std::string &reason) {
    faults_.push_back(Fault(faults::check_file, {{"reason", reason}}).at(name_ + " " + at));
  }

  void member(const std::string &name, const Json &value, const std::string &at, Sample &out) {
    if (name == "title")
      words(value, at + "/title", out.title);
    else if (name == "text")
      words(value, at + "/text", out.text);
    else if (name == "media")
      media(value, at + "/media", out.media);
    else if (name == "in_s")
      seconds(value, at + "/in_s", out.in_s);
    else if (name == "for_s")
      seconds(value, at + "/for_s", out.for_s);
    else
      tell(at + "/" + name, "a placement has title, text, media, in_s and for_s");
  }

  void words(const Json &in, const std::string &at, Words &out) {
    const auto text = [&](const char *name) {
      if (in.is_object() && in.contains(name) && in[name].is_string())
        return in[name].get<std::string>();
      tell(at + "/" + name, "it must be a text");
      return std::string();
    };
    out = {text("zh"), text("en")};
  }

  void media(const Json &in, const std::string &at, std::vector<std::string> &out) {
    for (const Json &name : in.is_array() ? in : Json::array({in})) {
      if (name.is_string() && library::house_format(name.get<std::string>()))
        out.push_back(name.get<std::string>());
      else
        tell(at, "a medium is " + known_formats());
    }
  }

  void seconds(const Json &in, const std::string &at, double &out) {
    if (!in.is_number() || in < 0 || in > max_seconds) return tell(at, "it is 0 to 600 seconds");
    out = in.get<double>();
  }

  Faults &faults_;
  std::string name_;
};

/// What a plugin that brings no check.json is handed.
std::vector<Sample> usual_samples(const workers::Manifest &manifest) {
  const auto carries = [&](const char *kind) {
    return std::find(manifest.carries.begin(), manifest.carries.end(), kind) !=
           manifest.carries.end();
  };
  const Words title{"讲文明 树新风", "Be civil"};
  const Words text{"我们的价值观。", "What we hold dear."};
  const double in_s = std::min(1.0, manifest.limits.horizon_s);
  if (!carries("text") && !carries("image"))
    return {{title, text, {"mp4_720p25"}, 3, 3}, {title, text, {"mp4_720p25"}, 6, 3}};
  std::vector<Sample> out{{title, text, {}, in_s, 0}, {title, text, {}, in_s, 0}};
  if (carries("image")) out.back().media = {"jpeg_720"};
  if (!carries("text")) out.front().media = {"jpeg_720"};
  return out;
}

Result<Json> json_file(const fs::path &file) {
  const Result<std::string> text = read_file(file, max_file_bytes);
  if (!text) return text.fault();
  Result<Json> read = parse_json(*text);
  if (!read) return std::move(read.fault()).at(file.string());
  return read;
}

/// Only what fits the schema may be sent: the host would send nothing else.
void hold_against_schema(const Subject &subject, const std::string &who, Faults &faults) {
  const Json &schema = subject.manifest->settings;
  const Json sample = filled(schema, subject.settings,
                             {fs::temp_directory_path(), [] { return "http://127.0.0.1:1"; }});
  for (const Fault &fault : workers::validate(schema, sample))
    faults.push_back(
        Fault(faults::settings_unfit,
              {{"who", who}, {"zh", fault.sentence(Lang::zh)}, {"en", fault.sentence(Lang::en)}}));
}

void read_check_file(const fs::path &settings_file, Subject &subject, Faults &faults) {
  CheckFile check(faults, "check.json");
  std::error_code error;
  if (fs::exists(subject.folder / "check.json", error)) {
    const Result<Json> root = json_file(subject.folder / "check.json");
    if (!root) return faults.push_back(root.fault());
    check.read(*root);
  }
  std::string who = check.settings.is_null() ? "kit" : "check.json";
  Json given = check.settings.is_null() ? Json::object() : check.settings;
  if (!settings_file.empty()) {
    const Result<Json> root = json_file(settings_file);
    if (!root) return faults.push_back(root.fault());
    given = *root;
    who = settings_file.string();
  }
  subject.settings = made_settings(subject.manifest->settings, given);
  subject.samples =
      check.samples.empty() ? usual_samples(*subject.manifest) : std::move(check.samples);
  hold_against_schema(subject, who, faults);
}

Json words_json(const Words &words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

Words words_of(const Json &in) {
  return {in.at("zh").get<std::string>(), in.at("en").get<std::string>()};
}

}  // namespace

Result<Subject, Faults> read_subject(const fs::path &folder, const fs::path &runner,
                                     const fs::path &settings_file) {
  Subject out;
  std::error_code error;
  out.folder = fs::weakly_canonical(folder, error);
  out.runner = fs::absolute(runner);
  if (!fs::is_directory(out.folder, error) || !fs::exists(out.folder / "plugin.json", error))
    return Faults{Fault(faults::no_plugin, {{"folder", folder.string()}})};
  Result<workers::Manifest, Faults> manifest = workers::read_manifest(out.folder);
  if (!manifest) {
    out.manifest_faults = manifest.fault();
    out.samples.emplace_back();
    return out;
  }
  out.manifest = std::move(*manifest);
  Faults faults;
  read_check_file(settings_file, out, faults);
  if (!faults.empty()) return faults;
  return out;
}

Result<Sample, Faults> read_sample(const fs::path &file) {
  const Result<Json> root = json_file(file);
  if (!root) return Faults{root.fault()};
  Faults faults;
  CheckFile check(faults, file.string());
  check.sample(*root, "");
  if (!faults.empty()) return faults;
  return std::move(check.samples.front());
}

Json to_json(const Subject &subject) {
  Json samples = Json::array(), media = Json::array();
  for (const Sample &s : subject.samples)
    samples.push_back({{"title", words_json(s.title)},
                       {"text", words_json(s.text)},
                       {"media", s.media},
                       {"in_s", s.in_s},
                       {"for_s", s.for_s}});
  for (const wire::Media &m : subject.media)
    media.push_back({m.path, m.sha256, m.mime, m.duration_ns});
  return {{"folder", subject.folder.string()},
          {"runner", subject.runner.string()},
          {"work", subject.work.string()},
          {"settings", subject.settings},
          {"samples", samples},
          {"media", media},
          {"media_names", subject.media_names},
          {"busy", subject.busy},
          {"first_run", subject.first_run}};
}

Subject subject_of(const Json &json) {
  Subject out;
  out.folder = json.at("folder").get<std::string>();
  out.runner = json.at("runner").get<std::string>();
  out.work = json.at("work").get<std::string>();
  out.settings = json.at("settings");
  for (const Json &s : json.at("samples"))
    out.samples.push_back({words_of(s.at("title")), words_of(s.at("text")), s.at("media"),
                           s.at("in_s"), s.at("for_s")});
  for (const Json &m : json.at("media")) out.media.push_back({m.at(0), m.at(1), m.at(2), m.at(3)});
  out.media_names = json.at("media_names").get<std::vector<std::string>>();
  out.busy = json.at("busy");
  out.first_run = json.at("first_run");
  Result<workers::Manifest, Faults> manifest = workers::read_manifest(out.folder);
  if (manifest)
    out.manifest = std::move(*manifest);
  else
    out.manifest_faults = manifest.fault();
  return out;
}

}  // namespace civicast::kit
