// SPDX-License-Identifier: Apache-2.0
// `kills-host FOLDER PLATFORM run|settle|close CHANNELS…`: a house of its own process, to be
// killed. The workers of CHANNELS end a little after it, the others with it.
//   run     hands placements for ever
//   settle  hands nothing more; ends with 0 once nothing is open but what is held
//   close   lets the time of everything pass; ends with 0 once nothing is open
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "tests/unit/kills/house.hpp"

using namespace civicast;
using namespace civicast::kills;

namespace {

int run(House &house, const std::string &what) {
  while (what == "run") {
    for (const Kind &kind : kinds) house.feed(kind.name);
    house.turn(2);
  }
  const bool is_done = what == "settle" ? house.settle() : house.close();
  house.supervisor().stop();
  house.finish();
  return is_done ? 0 : 3;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 4) return 64;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // of a test that was stopped itself
  HouseOptions options;
  options.folder = argv[1];
  options.platform = argv[2];
  options.outlive_host.insert(argv + 4, argv + argc);
  const Fd stage(::open((options.folder / "stage").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  options.on_stage = [&stage](char letter) {
    if (::pwrite(stage.get(), &letter, 1, 0) != 1) throw std::runtime_error("stage");
  };
  try {
    House house(std::move(options));
    return run(house, argv[3]);
  } catch (const std::exception &breakdown) {
    std::fprintf(stderr, "kills-host: %s\n", breakdown.what());
    return 70;
  }
}
