// SPDX-License-Identifier: Apache-2.0
// Group "manifest": what stands in plugin.json. No code is run.
#include <regex>
#include <set>

#include "sdk/base/disk.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

using Names = std::set<std::string, std::less<>>;

const Names top_names = {"$schema",     "id",       "version", "abi",     "name",
                         "description", "binary",   "command", "carries", "can",
                         "limits",      "counters", "settings"};
const Names can_names = {"withdraw", "recall", "publish", "evidence", "survives_host", "handover"};
const Names limit_names = {"open_s",   "check_s",   "publish_s",  "withdraw_s",
                           "recall_s", "status_s",  "handover_s", "horizon_s",
                           "grace_s",  "memory_mb", "open_files"};

void valid(Trial &trial) {
  if (trial.subject.manifest) return;
  const Fault &first = trial.subject.manifest_faults.front();
  trial.fail(faults::manifest, Fault::Fact("zh", first.sentence(Lang::zh)),
             Fault::Fact("en", first.sentence(Lang::en)));
}

Json read_json(const Trial &trial) {
  const auto text = read_file(trial.subject.folder / "plugin.json", 256 * 1024);
  const auto json = text ? parse_json(*text) : Result<Json>(text.fault());
  return json ? *json : Json::object();
}

void only_known(const Trial &trial, const Json &in, const std::string &at, const Names &known) {
  if (!in.is_object()) return;
  for (const auto &[name, value] : in.items())
    if (known.count(name) == 0)
      trial.warn(faults::member_unknown, Fault::Fact("at", at + "/" + name));
}

void known(Trial &trial) {
  const Json json = read_json(trial);
  only_known(trial, json, "", top_names);
  only_known(trial, json.value("can", Json::object()), "/can", can_names);
  only_known(trial, json.value("limits", Json::object()), "/limits", limit_names);
}

void each_property(const Json &schema, const std::string &at,
                   const std::function<void(const Json &, const std::string &)> &see) {
  const Json properties = schema.value("properties", Json::object());
  for (const auto &[name, property] : properties.items()) {
    see(property, at + "/properties/" + name);
    each_property(property, at + "/properties/" + name, see);
  }
}

void titles(Trial &trial) {
  each_property(trial.manifest().settings, "/settings",
                [&](const Json &property, const std::string &at) {
                  const Json title = property.value("title", Json());
                  if (!title.is_object() || !title.contains("zh") || !title.contains("en"))
                    trial.fail(faults::title_missing, Fault::Fact("at", at));
                });
}

void secrets(Trial &trial) {
  static const std::regex secret("(^|_)(token|password|passwd|secret|api_?key|private_?key)($|_)",
                                 std::regex::icase);
  each_property(trial.manifest().settings, "/settings",
                [&](const Json &property, const std::string &at) {
                  const std::string name = at.substr(at.rfind('/') + 1);
                  if (std::regex_search(name, secret) && !property.value("x-secret", false))
                    trial.warn(faults::secret_unmarked, Fault::Fact("at", at));
                });
}

}  // namespace

void add_manifest_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"manifest.valid",
       1,
       {"plugin.json "
        "合乎格式：编号、版本、能力、限制，以及属于允许子集的设置说明，默认值合乎说明。",
        "plugin.json is valid: id, version, abilities, limits, and settings in the allowed "
        "subset of JSON Schema, with defaults that fit."},
       0.1,
       0,
       valid});
  tests.push_back(
      {"manifest.known",
       1,
       {"plugin.json 中没有宿主不认识的成员：写错名字的限制不会生效。",
        "plugin.json holds no member that the host does not know: a limit whose name is "
        "misspelt limits nothing."},
       0.1,
       0,
       known});
  tests.push_back(
      {"manifest.titles",
       2,
       {"每一项设置都有中文和英文标题，控制台才能画出表单。",
        "Every setting has a Chinese and an English title, from which the console draws "
        "the form."},
       0.1,
       0,
       titles});
  tests.push_back(
      {"manifest.secrets",
       2,
       {"口令一类的设置标有 x-secret，宿主才不会把它显示出来。",
        "A setting that is a token or a password is marked x-secret, so that the host never "
        "shows it."},
       0.1,
       0,
       secrets});
}

}  // namespace civicast::kit
