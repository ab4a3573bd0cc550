// SPDX-License-Identifier: Apache-2.0
// Which symbols a shared library exports, read from its file: nothing is loaded or run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace civicast::kit {

/// Defined, global or weak, and visible; nothing if `file` is no 64-bit ELF library of this
/// machine's byte order.
std::optional<std::vector<std::string>> exported_symbols(const std::filesystem::path &file);

}  // namespace civicast::kit
