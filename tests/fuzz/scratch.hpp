// SPDX-License-Identifier: Apache-2.0
// A folder for one input's files, in memory where the machine has such a place: an outbox syncs.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sdk/base/disk.hpp"
#include "tests/fuzz/law.hpp"

namespace civicast::fuzz {

class Scratch {
 public:
  Scratch() {
    const std::filesystem::path in_memory = "/dev/shm";
    std::error_code error;
    const auto base = std::filesystem::is_directory(in_memory, error)
                          ? in_memory
                          : std::filesystem::temp_directory_path();
    std::string name = (base / "civicast-fuzz-XXXXXX").string();
    must_hold(::mkdtemp(name.data()) != nullptr, "there is room for a folder");
    path_ = name;
  }
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;

  std::filesystem::path operator/(const std::string &name) const { return path_ / name; }
  void write(const std::string &name, std::string_view bytes) const {
    must_hold(write_file_atomically(path_ / name, bytes).ok(), "there is room for a file");
  }
  std::string read(const std::string &name) const {
    const Result<std::string> bytes = read_file(path_ / name, 1 << 30);
    must_hold(bytes.ok(), "the file can be read");
    return *bytes;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace civicast::fuzz
