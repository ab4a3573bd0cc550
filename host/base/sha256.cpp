// SPDX-License-Identifier: Apache-2.0
#include "host/base/sha256.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "sdk/base/disk.hpp"
#include "sdk/base/faults.hpp"

namespace civicast {
namespace {

/// Fetched once: an implicit fetch at each use halves the speed.
const EVP_MD *algorithm() {
  static const EVP_MD *const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (!fetched) throw std::runtime_error("OpenSSL has no SHA-256");
  return fetched;
}

void must(int openssl_result) {
  if (openssl_result != 1) throw std::runtime_error("OpenSSL failed to hash");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st *context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  must(context_ && EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1 ? 1 : 0);
}

Sha256::~Sha256() = default;

Sha256 &Sha256::add(std::string_view bytes) {
  must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  return *this;
}

Hash Sha256::finish() {
  Hash out;
  must(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr));
  must(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr));
  return out;
}

Hash sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.add(bytes).finish();
}

Result<Hash> sha256_of_file(const std::filesystem::path &path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<char> chunk(1 << 20);
  Sha256 hasher;
  for (;;) {
    const ssize_t got = fd ? ::read(fd.get(), chunk.data(), chunk.size()) : -1;
    if (got < 0 && fd && errno == EINTR) continue;
    if (got < 0)
      return Fault(faults::file_unreadable,
                   {{"file", path.string()}, {"reason", std::strerror(errno)}});
    if (got == 0) return hasher.finish();
    hasher.add({chunk.data(), static_cast<std::size_t>(got)});
  }
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[(static_cast<unsigned char>(c) >> 4) & 15];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string hex(const Hash &hash) {
  return hex(std::string_view(reinterpret_cast<const char *>(hash.data()), hash.size()));
}

}  // namespace civicast
