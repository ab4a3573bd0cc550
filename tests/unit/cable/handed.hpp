// SPDX-License-Identifier: Apache-2.0
// Placements as they come over the border, and the verdicts on them.
#pragma once

#include <civicast/channel.hpp>

#include <functional>
#include <string>

#include "tests/unit/cable/fake_host.hpp"

namespace civicast::cable {

/// What a placement looks like when it comes over the border.
struct Handed {
  Handed(const std::string &id, const std::string &kind, const std::string &path,
         std::int64_t start_ns, std::int64_t end_ns)
      : id_(id),
        path_(path),
        body_(R"({"kind":")" + kind + R"(","asset":"a","title":{"zh":"标题","en":"t"}})"),
        media_{sizeof(civ_media), text(path_), text(sha_), text("video/mp2t"), 0},
        list_{&media_},
        raw_{sizeof(civ_placement), 1, text(id_), start_ns, end_ns, body_.get(), list_, 1} {}
  Handed(const Handed &) = delete;
  Handed &operator=(const Handed &) = delete;
  Placement get() const { return Placement(raw_); }

 private:
  std::string id_, path_, sha_ = std::string(64, 'c');
  FakeDoc body_;
  civ_media media_;
  const civ_media *list_[1];
  civ_placement raw_;
};

inline civ_verdict verdict_of(const std::function<void()> &call, std::string *code = nullptr) {
  try {
    call();
  } catch (const Trouble &trouble) {
    if (code) *code = trouble.code;
    return trouble.verdict;
  }
  return CIV_DONE;
}

}  // namespace civicast::cable
