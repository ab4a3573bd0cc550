// SPDX-License-Identifier: Apache-2.0
// House files in a format that a channel names only since its assets were imported: made one after
// another, in a thread that yields to everything that is on air.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "host/library/library.hpp"

namespace civicast::flow {

class Renderer {
 public:
  /// Called from the thread: civ_level and a line in both languages.
  using Log = std::function<void(int level, const std::string &line)>;
  /// `library` must outlive this.
  Renderer(library::Library &library, Log log);
  ~Renderer();  ///< stops within a picture; what is half made leaves no trace

 private:
  void run();
  void make(const library::Library::Unmade &unmade);

  library::Library &library_;
  Log log_;
  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

}  // namespace civicast::flow
