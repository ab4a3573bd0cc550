// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/plugin.hpp"

#include <boost/dll/shared_library.hpp>
#include <cstddef>

#include "sdk/base/disk.hpp"
#include "sdk/base/json.hpp"
#include "sdk/runner/faults.hpp"

namespace civicast::runner {
namespace {

constexpr const char *entry = "civ_channel_entry_v1";

Fault unloadable(const std::filesystem::path &file, const std::string &reason) {
  return Fault(faults::plugin_unloadable, {{"file", file.string()}, {"reason", reason}});
}

Result<const civ_channel_api *> load(const std::filesystem::path &file) {
  try {
    // Never destroyed: unloading code that may have threads is not safe, and not needed.
    auto *library = new boost::dll::shared_library(file, boost::dll::load_mode::rtld_now);
    if (!library->has(entry)) return unloadable(file, std::string("it exports no ") + entry);
    return library->get<const civ_channel_api *(void)>(entry)();
  } catch (const std::exception &error) {
    return unloadable(file, error.what());
  }
}

bool is_whole(const civ_channel_api *api) {
  return api && api->size >= offsetof(civ_channel_api, extension) + sizeof api->extension &&
         api->id && api->version && api->open && api->close && api->check && api->publish &&
         api->withdraw && api->recall && api->extension;
}

}  // namespace

Result<Plugin> load_plugin(const std::filesystem::path &folder) {
  const Result<std::string> text = read_file(folder / "plugin.json", 256 * 1024);
  if (!text) return text.fault();
  const Result<Json> manifest = parse_json(*text);
  if (!manifest) return manifest.fault();
  const auto member = [&](const char *name) {
    const bool has =
        manifest->is_object() && manifest->contains(name) && manifest->at(name).is_string();
    return has ? manifest->at(name).get<std::string>() : std::string();
  };
  const std::filesystem::path file = folder / std::filesystem::path(member("binary")).filename();
  const Result<const civ_channel_api *> api = load(file);
  if (!api) return api.fault();
  if (!is_whole(*api)) return unloadable(file, "its table of functions is not whole");
  const std::string is = std::string((*api)->id) + " " + (*api)->version;
  const std::string wanted = member("id") + " " + member("version");
  if (is != wanted)
    return Fault(faults::plugin_mismatch,
                 {{"file", file.string()}, {"is", is}, {"wanted", wanted}});
  return Plugin{(*api)->id, (*api)->version, static_cast<int>((*api)->abi_minor), *api};
}

}  // namespace civicast::runner
