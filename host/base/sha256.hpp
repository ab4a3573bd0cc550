// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "sdk/base/result.hpp"

struct evp_md_ctx_st;

namespace civicast {

using Hash = std::array<std::uint8_t, 32>;

/// SHA-256 of a stream of bytes. Reuse one by calling finish, which starts it anew.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256 &&) noexcept = default;
  Sha256 &operator=(Sha256 &&) noexcept = default;
  Sha256 &add(std::string_view bytes);
  Hash finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st *) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Hash sha256(std::string_view bytes);
Result<Hash> sha256_of_file(const std::filesystem::path &path);
std::string hex(std::string_view bytes);
std::string hex(const Hash &hash);

}  // namespace civicast
