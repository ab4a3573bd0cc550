// SPDX-License-Identifier: Apache-2.0
// Law: any bytes are read as BXF in bounded time, with a few short faults for what cannot be read;
// and what was read, once written, is read and written again to the same bytes.
//
// Input: a file.
#include "host/exchange/bxf.hpp"

#include "tests/fuzz/readings.hpp"

using namespace civicast;
using namespace civicast::exchange;
using fuzz::must_hold;

namespace {

using Write = std::string (*)(const std::vector<Event> &, const BxfHead &, const Zone &);

void must_be_stable(const Reading &reading, Write write, const Zone &zone) {
  using namespace std::chrono_literals;
  const BxfHead head{"cable", "", "s", 2026y / 11 / 23, 0};
  const std::string written = write(reading.events, head, zone);
  const Reading again = read_bxf(written, "f", zone);
  must_hold(again.faults.empty(), "what was written is read whole",
            again.faults.empty() ? "" : again.faults.front().text());
  must_hold(write(again.events, head, zone) == written, "writing is stable", written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const Zone zone = *Zone::find("Asia/Shanghai");
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  const Reading reading = read_bxf(text, "f", zone);
  fuzz::must_be_fit(reading);
  // Of a complete as-run both halves are written; one that did not run has nothing but its plan.
  must_be_stable(reading, write_bxf_as_run, zone);
  if (!reading.is_as_run) must_be_stable(reading, write_bxf_schedule, zone);
  return 0;
}
