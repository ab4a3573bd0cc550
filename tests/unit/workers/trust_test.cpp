// SPDX-License-Identifier: Apache-2.0
#include "host/workers/trust.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "host/workers/faults.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::workers;
namespace fs = std::filesystem;

namespace {

struct Installed {
  Installed() {
    fs::copy(fs::path(CIVICAST_TEST_PLUGINS) / "echo", plugin, fs::copy_options::recursive);
    const auto version = identify(plugin);
    REQUIRE(version);
    REQUIRE(write_lock(lock, {{"echo", *version}}));
  }
  Result<Trusted> look() const { return confirmed(lock, plugin); }

  test::TempFolder folder;
  fs::path plugin = folder / "echo", lock = folder / "plugins.lock";
};

}  // namespace

TEST_CASE("a plugin is trusted byte for byte") {
  const Installed installed;
  const auto version = installed.look();
  REQUIRE(version);
  CHECK(version->id == "org.civicast.test.echo");
  CHECK(version->files.count("echo.so") == 1);
  CHECK(version->files.count("plugin.json") == 1);
  CHECK(*read_lock(installed.lock) == PluginsLock{{"echo", *version}});
}

TEST_CASE("a file changed, added or removed ends the trust, and is named") {
  const Installed installed;
  const std::string name = GENERATE(as<std::string>(), "echo.so", "plugin.json", "extra", "gone");
  if (name == "gone")
    fs::remove(installed.plugin / "echo.so");
  else
    std::ofstream(installed.plugin / name, std::ios::app) << ' ';
  const auto version = installed.look();
  REQUIRE_FALSE(version);
  CHECK(version.fault().is(faults::plugin_changed));
  CHECK(version.fault().sentence(Lang::en).find(name == "gone" ? "echo.so" : name) !=
        std::string::npos);
}

TEST_CASE("what others may write, and a link, is no plugin") {
  const Installed installed;
  SECTION("the binary") {
    fs::permissions(installed.plugin / "echo.so", fs::perms::others_write, fs::perm_options::add);
  }
  SECTION("the folder") {
    fs::permissions(installed.plugin, fs::perms::others_write, fs::perm_options::add);
  }
  SECTION("a link") {
    fs::create_symlink("/etc/hostname", installed.plugin / "link");
  }
  const auto version = installed.look();
  REQUIRE_FALSE(version);
  CHECK(version.fault().is(faults::plugin_exposed));
  CHECK_FALSE(identify(installed.plugin));
}

TEST_CASE("a plugin that nobody trusted is refused with what to do") {
  const Installed installed;
  REQUIRE(write_lock(installed.lock, {}));
  const auto version = installed.look();
  REQUIRE_FALSE(version);
  CHECK(version.fault().is(faults::plugin_untrusted));
  CHECK(version.fault().sentence(Lang::zh).find("civicast plugin trust echo") != std::string::npos);
  fs::remove(installed.lock);
  CHECK(installed.look().fault().is(faults::plugin_untrusted));
}

TEST_CASE("a lock that cannot be read trusts nobody") {
  const Installed installed;
  for (const char *text :
       {"", "[]", "{}", R"({"lock":2,"plugins":{}})", R"({"lock":1,"plugins":{"echo":{"id":1}}})",
        R"({"lock":1,"plugins":{"echo":{"id":"a","version":"1","files":["x"]}}})"}) {
    std::ofstream(installed.lock) << text;
    CHECK_FALSE(installed.look());
  }
}
