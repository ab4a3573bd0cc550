// SPDX-License-Identifier: Apache-2.0
// Law: any file in the place of an HLS list is one that goes on, or none; what goes on is written
// and read again as itself, is no longer than asked, and counts without a gap.
//
// Input: the file.
#include "plugins/cable/send/hls_list.hpp"

#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

constexpr std::size_t kKeep = 4;

void is_good(const cable::HlsList &list) {
  must_hold(list.segments().size() <= kKeep, "no longer than asked");
  for (std::size_t i = 1; i < list.segments().size(); ++i)
    must_hold(list.segments()[i].sequence == list.segments()[i - 1].sequence + 1, "no gap");
  cable::HlsList again(3, kKeep);
  if (list.segments().empty()) return;
  must_hold(again.take_up(list.text()), "what was written can be read", list.text());
  must_hold(again.segments() == list.segments(), "and is the same", list.text());
  must_hold(again.text() == list.text(), "writing is stable", list.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string text(reinterpret_cast<const char *>(data), size);
  cable::HlsList list(3, kKeep);
  const bool is_known = list.take_up(text);
  must_hold(is_known == !list.segments().empty(), "none is empty");
  is_good(list);
  const std::int64_t next = is_known ? list.segments().back().sequence + 1 : 7;
  for (std::int64_t i = 0; i < 3; ++i) {
    list.add({next + i, 540'000, 1'795'770'000'000 + i * 6000, i == 0 && is_known});
    is_good(list);
  }
  return 0;
}
