// SPDX-License-Identifier: Apache-2.0
// Law: any bytes are read as CCMS in bounded time, with a few short faults for what is no record;
// and what was read, once written, is read and written again to the same bytes.
//
// Input: a file.
#include "host/exchange/ccms.hpp"

#include "tests/fuzz/readings.hpp"

using namespace civicast;
using namespace civicast::exchange;
using fuzz::must_hold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  using namespace std::chrono_literals;
  constexpr Date near = 2026y / 11 / 23;
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  const Reading reading = read_ccms(text, "f", near);
  fuzz::must_be_fit(reading);
  const auto written = write_ccms(reading.events, true);
  must_hold(written.ok(), "what was read can be written");
  const Reading again = read_ccms(*written, "f", near);
  must_hold(again.faults.empty() && again.events.size() == reading.events.size(),
            "what was written is read whole");
  const auto twice = write_ccms(again.events, true);
  must_hold(twice.ok() && *twice == *written, "writing is stable");
  return 0;
}
