// SPDX-License-Identifier: Apache-2.0
// spot-count TSFILE ID=PATH…: counts how often each reference was shown whole; prints JSON.
#include <cstdio>
#include <exception>
#include <map>
#include <string>

extern "C" {
#include <libavutil/log.h>
}

#include "tests/tools/ts/spot_count.hpp"

int main(int argc, char **argv) {
  std::map<std::string, std::string> references;
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t sign = argument.find('=');
    if (sign != std::string::npos) references[argument.substr(0, sign)] = argument.substr(sign + 1);
  }
  if (references.empty()) {
    std::fprintf(stderr, "用法 · Usage: spot-count TSFILE ID=PATH…\n");
    return 2;
  }
  av_log_set_level(AV_LOG_FATAL);
  try {
    std::puts(civicast::tests::count_spots(argv[1], references).json().c_str());
  } catch (const std::exception &e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
