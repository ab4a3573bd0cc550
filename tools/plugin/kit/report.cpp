// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/report.hpp"

#include <fmt/format.h>

#include <sstream>

namespace civicast::kit {
namespace {

const char *sign(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "通过 ok   ";
    case Outcome::warn:
      return "警告 warn ";
    case Outcome::fail:
      return "失败 FAIL ";
    case Outcome::skip:
      return "略过 skip ";
    case Outcome::crash:
      break;
  }
  return "崩溃 CRASH";
}

std::string repeat(const TestResult &result, const Subject &subject, const Plan &plan) {
  return fmt::format("civicast plugin check {} --only '^{}$' --level {} --seed {}",
                     subject.folder.string(), result.name, result.level, plan.seed);
}

}  // namespace

Tally tally(const std::vector<TestResult> &results) {
  Tally out;
  for (const TestResult &result : results) {
    out.passed += result.outcome == Outcome::ok;
    out.warned += result.outcome == Outcome::warn;
    out.skipped += result.outcome == Outcome::skip;
    out.failed += result.outcome == Outcome::fail || result.outcome == Outcome::crash;
  }
  return out;
}

void print_list(std::ostream &out, const std::vector<const Test *> &tests) {
  for (const Test *test : tests)
    out << fmt::format("{} ({})\n    {}\n    {}\n", test->name, test->level, test->law.zh,
                       test->law.en);
}

void print_beginning(std::ostream &out, const Subject &subject, const Plan &plan,
                     std::size_t tests) {
  out << fmt::format("{} {} · {} 项测试 tests · 级别 level {} · 种子 seed {} · 忙碌 busy ×{:.1f}\n",
                     subject.id(), subject.version(), tests, plan.level, plan.seed, subject.busy);
}

void print(std::ostream &out, const TestResult &result, const Subject &subject, const Plan &plan) {
  out << fmt::format("{}  {:<24} {:6.2f} s", sign(result.outcome), result.name, result.seconds);
  if (result.outcome == Outcome::ok) {
    out << "\n";
    return;
  }
  if (result.outcome == Outcome::skip) {
    out << fmt::format("  {} {}\n", result.what.zh, result.what.en);
    return;
  }
  out << fmt::format("\n    规则 law     {}\n                 {}\n", result.law.zh, result.law.en);
  out << fmt::format("    事实 what    {}\n                 {}\n", result.what.zh, result.what.en);
  std::istringstream lines(result.detail);
  for (std::string line; std::getline(lines, line);)
    out << fmt::format("    日志 log     {}\n", line);
  out << fmt::format("    重现 repeat  {}\n", repeat(result, subject, plan));
}

void print_end(std::ostream &out, const std::vector<TestResult> &results, double seconds) {
  const Tally sum = tally(results);
  out << fmt::format(
      "{} 项通过，{} 项失败，{} 项警告，{} 项略过，用时 {:.1f} 秒。\n"
      "{} passed, {} failed, {} warned, {} skipped, in {:.1f} s.\n",
      sum.passed, sum.failed, sum.warned, sum.skipped, seconds, sum.passed, sum.failed, sum.warned,
      sum.skipped, seconds);
}

Json report_json(const std::vector<TestResult> &results, const Subject &subject, const Plan &plan,
                 double seconds) {
  Json tests = Json::array();
  for (const TestResult &result : results) {
    Json one = to_json(result);
    one.erase("number");
    if (result.outcome != Outcome::ok && result.outcome != Outcome::skip)
      one["repeat"] = repeat(result, subject, plan);
    tests.push_back(std::move(one));
  }
  const Tally sum = tally(results);
  return {{"plugin", subject.id()},
          {"version", subject.version()},
          {"folder", subject.folder.string()},
          {"level", plan.level},
          {"seed", plan.seed},
          {"busy", subject.busy},
          {"seconds", seconds},
          {"passed", sum.passed},
          {"failed", sum.failed},
          {"warned", sum.warned},
          {"skipped", sum.skipped},
          {"tests", std::move(tests)}};
}

}  // namespace civicast::kit
