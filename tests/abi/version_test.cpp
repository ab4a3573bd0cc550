// SPDX-License-Identifier: Apache-2.0
// A plugin that needs a later minor is refused before its code is loaded, by host and runner.
#include <catch2/catch.hpp>

#include "host/workers/manifest.hpp"
#include "tests/abi/worker_end.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using namespace civicast::test;

namespace {

std::string manifest(const std::string &abi) {
  return R"({"id":"org.example.later","version":"1.0.0","abi":")" + abi +
         R"(","name":{"zh":"以后","en":"Later"},"binary":"absent.so","carries":["text"],)"
         R"("can":{"publish":"once","evidence":"measured"}})";
}

/// What the runner says of a plugin that needs `abi`.
wire::Note refusal(const std::string &abi) {
  Folder folder;
  folder.write("plugin/plugin.json", manifest(abi));
  folder.write("state/none", "");
  WorkerEnd worker(CIVICAST_RUNNER, folder.path() / "plugin", folder.path() / "state");
  const auto said = worker.next();
  REQUIRE(said);
  const auto *bye = std::get_if<wire::Bye>(&*said);
  REQUIRE(bye);
  REQUIRE(bye->notes.size() == 1);
  CHECK_FALSE(worker.next());
  CHECK(worker.ended() == 1);
  return bye->notes.front();
}

}  // namespace

TEST_CASE("the runner refuses a plugin that needs a later minor, naming both versions") {
  const wire::Note note = refusal("1.7");
  CHECK(note.code == "runner.abi_newer");
  CHECK(note.message.find("插件 org.example.later 需要插件接口 1.7，而本机的 civicast-runner 提供 "
                          "1.0。") != std::string::npos);
  CHECK(note.message.find("The plugin org.example.later needs the plugin interface 1.7; this "
                          "civicast-runner has 1.0.") != std::string::npos);
}

TEST_CASE("what is no version of major 1 is refused, and 1.0 is not") {
  for (const char *wrong : {"2.0", "1.", "1.x", "1.0x", "", "1.-1", "1.99999999999"})
    CHECK(refusal(wrong).code == "runner.abi_newer");
  CHECK(refusal("1.0").code == "runner.plugin_unloadable");  // it went on to the absent binary
}

TEST_CASE("the host refuses the same plugin without starting a worker") {
  const auto later = workers::parse_manifest(manifest("1.7"));
  REQUIRE_FALSE(later);
  REQUIRE(later.fault().size() == 1);
  const Fault &fault = later.fault().front();
  CHECK(fault.where() == "/abi");
  CHECK(fault.sentence(Lang::zh).find("需要插件接口 1.7，而本机的 Civicast 提供 1.0") !=
        std::string::npos);
  CHECK(fault.sentence(Lang::en).find("needs the plugin interface 1.7; this Civicast has 1.0") !=
        std::string::npos);
  CHECK(workers::parse_manifest(manifest("1.0")));
}
