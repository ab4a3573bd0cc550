// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/plan_watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace civicast::cli {
namespace {

volatile sig_atomic_t is_interrupted = 0;
void interrupt(int) {
  is_interrupted = 1;
}

}  // namespace

PlanWatch::PlanWatch(double most_seconds)
    : most_seconds_(most_seconds), is_terminal_(::isatty(1) == 1 && ::isatty(2) == 1) {
  is_interrupted = 0;
  struct sigaction once {};
  once.sa_handler = interrupt;
  once.sa_flags = SA_RESETHAND;  // whoever asks twice does not want a plan
  ::sigaction(SIGINT, &once, &before_);
}

PlanWatch::~PlanWatch() {
  ::sigaction(SIGINT, &before_, nullptr);
}

bool PlanWatch::is_time_up() const {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  return most_seconds_ > 0 && took.count() >= most_seconds_;
}

void PlanWatch::draw(const planner::Progress &progress) {
  const auto in_paces = [](std::int64_t cost) { return static_cast<double>(cost) / 1000; };
  std::string line = fmt::format("编排 planning {:3d}%  当前 now {:.1f}  最好 best {:.1f}",
                                 progress.of > 0 ? progress.done * 100 / progress.of : 0,
                                 in_paces(progress.cost), in_paces(progress.best));
  if (progress.bound > 0) line += fmt::format("  下界 bound {:.1f}", in_paces(progress.bound));
  const std::size_t bytes = line.size();
  line.resize(std::max(drawn_, bytes), ' ');
  std::fprintf(stderr, "\r%s", line.c_str());
  drawn_ = bytes;
}

bool PlanWatch::goes_on(const planner::Progress &progress) {
  if (is_terminal_) draw(progress);
  return is_interrupted == 0 && !is_time_up();
}

flow::Planner PlanWatch::planner() {
  return [this](const planner::Problem &problem, planner::Options options) {
    options.observer = [this](const planner::Progress &progress) { return goes_on(progress); };
    planner::Plan plan = planner::make_plan(problem, options);
    if (drawn_ > 0) std::fputs("\n", stderr);
    drawn_ = 0;
    if (plan.is_stopped)
      std::fputs(
          is_interrupted != 0
              ? "已按要求提前结束，采用到目前为止最好的编排。 · Ended early as asked; this is "
                "the best plan so far.\n"
              : "时间已到，采用到目前为止最好的编排。 · The time is up; this is the best plan "
                "so far.\n",
          stderr);
    return plan;
  };
}

}  // namespace civicast::cli
