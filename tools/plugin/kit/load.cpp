// SPDX-License-Identifier: Apache-2.0
// Group "load": the shared library itself. It is loaded in this test's own process.
#include <unistd.h>

#include <algorithm>

#include "host/workers/worker.hpp"
#include "sdk/runner/plugin.hpp"
#include "tools/plugin/kit/elf.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/process_facts.hpp"
#include "tools/plugin/kit/test.hpp"

namespace civicast::kit {
namespace {

constexpr const char *entry = "civ_channel_entry_v1";
constexpr std::int64_t soon_ms = 200;

void needs_binary(const Trial &trial) {
  if (!trial.subject.is_binary()) trial.skip(faults::no_binary);
}

void symbols(Trial &trial) {
  needs_binary(trial);
  const auto found = exported_symbols(trial.subject.folder / trial.manifest().binary);
  if (!found) trial.fail(faults::not_elf, Fault::Fact("file", trial.manifest().binary));
  if (std::find(found->begin(), found->end(), entry) == found->end())
    trial.fail(faults::no_entry, Fault::Fact("file", trial.manifest().binary));
  for (const std::string &name : *found)
    if (name != entry)
      trial.fail(faults::other_symbol, Fault::Fact("symbol", name),
                 Fault::Fact("many", std::to_string(found->size() - 1)));
}

runner::Plugin loaded(const Trial &trial) {
  const Result<runner::Plugin> plugin = runner::load_plugin(trial.subject.folder);
  if (!plugin)
    trial.fail(faults::not_loaded, Fault::Fact("zh", plugin.fault().sentence(Lang::zh)),
               Fault::Fact("en", plugin.fault().sentence(Lang::en)));
  return *plugin;
}

void resolves(Trial &trial) {
  needs_binary(trial);
  const std::int64_t began_ms = workers::steady_ms();
  loaded(trial);
  const std::int64_t took_ms = workers::steady_ms() - began_ms;
  if (static_cast<double>(took_ms) > static_cast<double>(soon_ms) * trial.subject.busy)
    trial.warn(faults::loads_slowly, Fault::Fact("took", std::to_string(took_ms)),
               Fault::Fact("limit", std::to_string(soon_ms)));
}

void no_effects(Trial &trial) {
  needs_binary(trial);
  std::error_code error;
  std::filesystem::current_path(trial.folder(), error);
  const Holds before = holds(::getpid());
  const runner::Plugin plugin = loaded(trial);
  const Holds after = holds(::getpid());
  if (after.threads > before.threads)
    trial.fail(faults::load_effect, Fault::Fact("what_zh", "启动了线程"),
               Fault::Fact("what", "starts threads"));
  if (after.files > before.files)
    trial.fail(faults::load_effect, Fault::Fact("what_zh", "打开了文件"),
               Fault::Fact("what", "opens files"));
  if (!std::filesystem::is_empty(trial.folder(), error))
    trial.fail(faults::load_effect, Fault::Fact("what_zh", "写了文件"),
               Fault::Fact("what", "writes files"));
  if (runner::load_plugin(trial.subject.folder)->api != plugin.api)
    trial.fail(faults::load_effect, Fault::Fact("what_zh", "每次返回不同的函数表"),
               Fault::Fact("what", "returns another table each time"));
}

void extension(Trial &trial) {
  needs_binary(trial);
  const runner::Plugin plugin = loaded(trial);
  for (const char *id : {"civicast.no_such_thing/1", "civicast.status/99", ""})
    if (plugin.api->extension(id) != nullptr)
      trial.fail(faults::extension_unknown, Fault::Fact("extension", id));
}

}  // namespace

void add_load_tests(std::vector<Test> &tests) {
  tests.push_back(
      {"load.symbols",
       1,
       {"动态库恰好导出一个符号 civ_channel_entry_v1，否则会与宿主或别的库互相替换函数。",
        "The library exports exactly one symbol, civ_channel_entry_v1; any other could "
        "replace a function of another library, or be replaced."},
       0.2,
       0,
       symbols});
  tests.push_back(
      {"load.resolves",
       1,
       {"动态库能够完整装入（RTLD_NOW），函数表齐全，编号和版本与 plugin.json 一致，并且很快。",
        "The library loads with all its symbols resolved (RTLD_NOW), its table is whole, id "
        "and version are those of plugin.json, and it is quick."},
       2,
       0,
       resolves});
  tests.push_back(
      {"load.no_effects",
       1,
       {"装入和取得函数表没有副作用：不开线程、不开文件、不写磁盘，每次都是同一张表。",
        "Loading and asking for the table has no effects: no threads, no files, nothing on "
        "disk, and the same table each time."},
       2,
       0,
       no_effects});
  tests.push_back({"load.extension",
                   1,
                   {"问到没有的扩展，插件回答 NULL。",
                    "Asked for an extension that it does not have, the plugin answers NULL."},
                   2,
                   0,
                   extension});
}

}  // namespace civicast::kit
