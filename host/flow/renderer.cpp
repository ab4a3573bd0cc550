// SPDX-License-Identifier: Apache-2.0
#include "host/flow/renderer.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <exception>

namespace civicast::flow {
namespace {

constexpr int info = 1, warning = 2, error = 3;
constexpr int niceness = 15;

/// Thrown through an encoding that nobody waits for any more.
struct Abandoned {};

class UntilStopped final : public Progress {
 public:
  explicit UntilStopped(const std::atomic<bool> &is_stopping) : is_stopping_(is_stopping) {}
  void step(const std::string &, double, double) override {
    if (is_stopping_) throw Abandoned{};
  }

 private:
  const std::atomic<bool> &is_stopping_;
};

}  // namespace

Renderer::Renderer(library::Library &library, Log log)
    : library_(library), log_(std::move(log)), thread_([this] { run(); }) {}

Renderer::~Renderer() {
  is_stopping_ = true;
  thread_.join();
}

void Renderer::run() try {
  // Of this thread only, and of those that encoders start from it.
  ::setpriority(PRIO_PROCESS, 0, niceness);
  const auto unmade = library_.unmade();
  if (unmade.empty()) return;
  log_(info, fmt::format("后台制作 {0} 个成品文件 · making {0} house files in the background",
                         unmade.size()));
  for (const auto &each : unmade) {
    if (is_stopping_) return;
    make(each);
  }
  log_(info, "成品文件制作完毕 · the house files are made");
} catch (const Abandoned &) {
} catch (const std::exception &failure) {
  log_(error, fmt::format("成品文件制作中断 · making house files broke off: {}", failure.what()));
}

void Renderer::make(const library::Library::Unmade &unmade) {
  UntilStopped progress(is_stopping_);
  const auto made = library_.make(unmade.asset, unmade.format, progress);
  if (!made) return log_(warning, made.fault().text());
  if (made->made_from != "source")
    log_(warning, fmt::format("{0} 的 {1} 由 {2} 转制，原始文件未保存 · {1} of {0} was made from "
                              "its {2}, for the imported file was not kept",
                              unmade.asset, unmade.format.name(), made->made_from));
}

}  // namespace civicast::flow
