// SPDX-License-Identifier: Apache-2.0
// A folder for one run of a command, gone with it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace civicast::cli {

class WorkFolder {
 public:
  explicit WorkFolder(const std::string &name) {
    std::string path = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
    if (!::mkdtemp(path.data())) throw std::runtime_error("mkdtemp " + path);
    path_ = path;
  }
  ~WorkFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  WorkFolder(const WorkFolder &) = delete;
  WorkFolder &operator=(const WorkFolder &) = delete;
  const std::filesystem::path &path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace civicast::cli
