// SPDX-License-Identifier: Apache-2.0
// What a worker costs: `bench-worker`, or of many in one host only: `bench-worker --channels 200`.
// Its last line is one JSON object.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/bench/worker/measure.hpp"

int main(int argc, char **argv) {
  using namespace civicast;
  const bool is_crowd_only = argc == 3 && std::string_view(argv[1]) == "--channels";
  const std::size_t channels = is_crowd_only ? std::strtoul(argv[2], nullptr, 10) : 200;
  if ((argc != 1 && !is_crowd_only) || channels == 0) {
    std::fputs("bench-worker [--channels N]\n", stderr);
    return 64;
  }
  Json out = {{"bench", "worker"}};
  if (!is_crowd_only) {
    std::puts("a worker's deaths and starts …");
    bench::lives(out);
    std::puts("calls …");
    bench::calls(out);
    std::puts("facts, each on disk before emit returns …");
    bench::facts(out);
  }
  std::printf("%zu channels in one host …\n", channels);
  bench::crowd(out, channels);
  std::puts(out.dump().c_str());
}
