// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/plugin.hpp"

#include <boost/dll/shared_library.hpp>
#include <charconv>

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
  return api && CIV_HAS(civ_channel_api, api, extension) &&  // the last member of 1.0
         api->id && api->version && api->open && api->close && api->check && api->publish &&
         api->withdraw && api->recall && api->extension;
}

/// The least minor of major 1 that the plugin can live with; -1: `abi` names none.
int minor_of(std::string_view abi) {
  constexpr std::string_view major = "1.";
  int minor = -1;
  if (abi.substr(0, major.size()) != major) return -1;
  const std::string_view digits = abi.substr(major.size());
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), minor);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size() ? minor : -1;
}

std::string ours() {
  return std::to_string(CIV_ABI_MAJOR) + "." + std::to_string(CIV_ABI_MINOR);
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
  const int minor = minor_of(member("abi"));
  if (minor < 0 || minor > CIV_ABI_MINOR)
    return Fault(faults::abi_newer,
                 {{"plugin", member("id")}, {"needs", member("abi")}, {"has", ours()}});
  const Result<const civ_channel_api *> api = load(file);
  if (!api) return api.fault();
  if (!is_whole(*api)) return unloadable(file, "its table of functions is not whole");
  const std::string is = std::string((*api)->id) + " " + (*api)->version;
  const std::string wanted = member("id") + " " + member("version");
  if (is != wanted)
    return Fault(faults::plugin_mismatch,
                 {{"file", file.string()}, {"is", is}, {"wanted", wanted}});
  return Plugin{(*api)->id, (*api)->version, minor, *api};
}

}  // namespace civicast::runner
