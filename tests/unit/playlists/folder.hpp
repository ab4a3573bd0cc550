// SPDX-License-Identifier: Apache-2.0
// A database of its own for a test, gone with it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "host/store/store.hpp"

namespace civicast::playlists::test {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "civicast-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;

  std::unique_ptr<store::Store> open() const {
    return std::move(*store::Store::open(path / "civicast.db"));
  }
};

}  // namespace civicast::playlists::test
