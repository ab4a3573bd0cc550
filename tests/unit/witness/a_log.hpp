// SPDX-License-Identifier: Apache-2.0
// A log on disk that can be grown, copied and put back, and a witness that knows it.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "host/ledger/ledger.hpp"
#include "host/ledger/seal.hpp"
#include "host/witness/asker.hpp"
#include "host/witness/request.hpp"
#include "host/witness/witness.hpp"
#include "tests/unit/folder/folder.hpp"

namespace civicast::witness {

class ALog {
 public:
  explicit ALog(const std::string &origin) : origin_(origin) {
    if (!ledger::create(dir(), keys(), origin)) throw std::runtime_error("no log");
    open();
  }
  std::filesystem::path dir() const { return folder_.path() / "ledger"; }
  std::filesystem::path keys() const { return folder_.path() / "keys"; }
  void open() {
    auto opened = ledger::Ledger::open(dir(), keys());
    if (!opened) throw std::runtime_error(opened.fault().text());
    ledger_ = *std::move(opened);
  }
  void close() { ledger_.reset(); }

  /// Grows to `size` entries that say `word`, signed.
  void grow(std::uint64_t size, const std::string &word = "entry") {
    for (std::uint64_t at = ledger_->size(); at < size; ++at)
      if (!ledger_->append({word + std::to_string(at)})) throw std::runtime_error("no entry");
    if (!ledger_->checkpoint(0, true)) throw std::runtime_error("no checkpoint");
  }
  /// All of it, keys and seal too, as a backup would have it.
  void save(const std::filesystem::path &to) {
    close();
    std::filesystem::copy(folder_.path(), to, std::filesystem::copy_options::recursive);
    open();
  }
  void put_back(const std::filesystem::path &from) {
    close();
    std::filesystem::remove_all(folder_.path());
    std::filesystem::copy(from, folder_.path(), std::filesystem::copy_options::recursive);
    open();
  }

  ledger::Ledger &ledger() { return *ledger_; }
  ledger::Signed newest() const { return ledger_->last_signed(); }
  std::string request(std::uint64_t old_size) const {
    auto proof = ledger_->consistency_proof(old_size, newest().size);
    return to_text(Request{old_size, proof ? *proof : std::vector<Hash>(), newest().note});
  }
  std::string pub_line() const { return ledger::read_verifier_key(keys() / "ledger.pub")->line(); }

 private:
  Folder folder_;
  std::string origin_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

inline ledger::Policy policy(const std::string &text) {
  auto parsed = ledger::Policy::parse(text, "p");
  if (!parsed) throw std::runtime_error(parsed.fault().front().text());
  return *parsed;
}

}  // namespace civicast::witness
