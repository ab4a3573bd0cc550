// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/suite.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>
#include <map>
#include <regex>

#include "host/workers/worker.hpp"
#include "sdk/base/disk.hpp"
#include "tools/plugin/kit/faults.hpp"
#include "tools/plugin/kit/first_run.hpp"
#include "tools/plugin/kit/house_media.hpp"
#include "tools/plugin/kit/test_process.hpp"

namespace civicast::kit {
namespace {

namespace fs = std::filesystem;
using workers::steady_ms;

constexpr const char *first_run_name = "the first run";
constexpr double first_run_s = 30;
constexpr double patience_s = 45;
constexpr double limit_of_limits_s = 600;

TestResult result_of(const Test &test) {
  TestResult out;
  out.name = test.name;
  out.level = test.level;
  out.law = test.law;
  return out;
}

void put(TestResult &result, Outcome outcome, const Fault &why) {
  result.outcome = outcome;
  result.code = std::string(why.kind().name);
  result.where = why.where();
  result.what = {why.sentence(Lang::zh), why.sentence(Lang::en)};
  result.detail = why.detail();
}

TestResult tried(const Subject &subject, const Test &test, std::uint64_t seed,
                 const fs::path &folder) {
  TestResult out = result_of(test);
  const std::int64_t began_ms = steady_ms();
  const bool is_of_manifest = test.name.rfind("manifest.", 0) == 0;
  std::error_code error;
  fs::create_directories(folder, error);
  try {
    if (!subject.manifest && test.name != "manifest.valid")
      throw Verdict{Outcome::skip, Fault(faults::no_manifest)};
    if (!is_of_manifest) adopt_orphans();
    Trial trial(subject, test.name, folder, seed);
    test.run(trial);
  } catch (const Verdict &verdict) {
    put(out, verdict.outcome, verdict.why);
  }
  out.seconds = static_cast<double>(steady_ms() - began_ms) / 1000;
  fs::remove_all(folder, error);
  return out;
}

TestResult result_of(const Json &json, const Test &test) {
  TestResult out = result_of(test);
  out.outcome = static_cast<Outcome>(json.at("number").get<int>());
  out.code = json.at("code");
  out.what = {json.at("zh"), json.at("en")};
  out.where = json.at("where");
  out.detail = json.at("detail");
  out.seconds = json.at("seconds");
  return out;
}

/// Longest that any one call of the plugin may take.
double longest_call_s(const Subject &subject) {
  if (!subject.manifest) return 0;
  const workers::Limits &l = subject.manifest->limits;
  return std::max({l.open_s, l.check_s, l.publish_s, l.withdraw_s, l.recall_s, l.status_s});
}

/// From what the first run took on this machine; a limit is for what never ends, not for a race.
double limit_s(const Subject &subject, const Test &test) {
  double life_s = 1, open_s = 1;
  for (const Sample &sample : subject.samples)
    life_s = std::max(life_s, sample.in_s + sample.for_s);
  if (subject.first_run.is_object())
    open_s = std::max(0.2, subject.first_run.value("open_ms", 0.0) / 1000);
  const double grace_s =
      subject.manifest ? std::min(subject.manifest->limits.grace_s, patience_s) : 0;
  const double wait_s = test.lives > 0 ? life_s + grace_s + longest_call_s(subject) : 0;
  const double work_s = test.seconds + test.lives * 2 * open_s;
  return std::min(limit_of_limits_s, 10 + subject.busy * (2 * work_s + 2 * wait_s));
}

fs::path write_case(const Subject &subject, const std::string &test, std::uint64_t seed) {
  std::string name = test;
  std::replace(name.begin(), name.end(), ' ', '_');
  const fs::path file = subject.work / (name + ".json");
  const Json json = {{"subject", to_json(subject)}, {"test", test}, {"seed", seed}};
  if (const auto written = write_file_atomically(file, to_text(json)); !written)
    throw std::runtime_error(written.fault().sentence(Lang::en));
  return file;
}

std::vector<std::string> command(const Plan &plan, const fs::path &file) {
  std::vector<std::string> out = plan.self;
  out.push_back(file.string());
  return out;
}

/// What became of a test's process, as a result.
TestResult gathered(const Subject &subject, const Test &test, const TestProcess &process,
                    double limit) {
  if (const auto json = process.result()) return result_of(*json, test);
  TestResult out = result_of(test);
  out.seconds = process.seconds();
  if (process.is_late())
    put(out, Outcome::fail,
        about(subject, faults::test_late, {"limit", std::to_string(static_cast<int>(limit))}));
  else
    put(out, Outcome::crash, about(subject, faults::test_lost, {"how", process.how()}));
  return out;
}

const Test *find(const std::string &name) {
  for (const Test &test : all_tests())
    if (test.name == name) return &test;
  return nullptr;
}

}  // namespace

Json to_json(const TestResult &result) {
  return {{"name", result.name},
          {"level", result.level},
          {"outcome", word(result.outcome)},
          {"number", static_cast<int>(result.outcome)},
          {"code", result.code},
          {"law", {{"zh", result.law.zh}, {"en", result.law.en}}},
          {"zh", result.what.zh},
          {"en", result.what.en},
          {"where", result.where},
          {"detail", result.detail},
          {"seconds", result.seconds}};
}

Result<std::vector<const Test *>> chosen(const Plan &plan) {
  std::vector<const Test *> out;
  try {
    const std::regex only(plan.only.empty() ? ".*" : plan.only);
    for (const Test &test : all_tests())
      if (test.level <= plan.level && std::regex_search(test.name, only)) out.push_back(&test);
  } catch (const std::regex_error &) {
    return Fault(faults::pattern_wrong, {{"name", plan.only}});
  }
  if (out.empty()) return Fault(faults::no_such_test, {{"name", plan.only}});
  return out;
}

Result<void> prepare(Subject &subject, const Plan &plan) {
  subject.busy = busy_factor();
  if (!subject.manifest) return {};
  if (auto made = make_media(subject); !made) return made;
  // Tests run beside each other; what one thread of ours is slowed down by, so are they.
  subject.busy = std::max(subject.busy, busy_factor());
  if (plan.in_process) {
    adopt_orphans();
    Trial trial(subject, "first", subject.work / "first", plan.seed);
    subject.first_run = first_run(trial);
    return {};
  }
  const double limit = subject.busy * (first_run_s + 2 * patience_s + longest_call_s(subject));
  TestProcess process(command(plan, write_case(subject, first_run_name, plan.seed)), limit);
  while (process.is_running()) process.wait(1'000);
  if (const auto json = process.result()) subject.first_run = *json;
  return {};
}

void run(const Subject &subject, const std::vector<const Test *> &tests, const Plan &plan,
         const std::function<void(const TestResult &)> &tell,
         const std::function<bool()> &is_wanted) {
  if (plan.in_process) {
    for (const Test *test : tests)
      if (is_wanted()) tell(tried(subject, *test, plan.seed, subject.work / test->name));
    return;
  }
  std::map<std::size_t, TestProcess> running;
  std::map<std::size_t, TestResult> done;
  std::size_t next = 0, told = 0;
  while (is_wanted() && told < tests.size()) {
    for (; next < tests.size() && running.size() < static_cast<std::size_t>(plan.jobs); ++next)
      running.try_emplace(next, command(plan, write_case(subject, tests[next]->name, plan.seed)),
                          limit_s(subject, *tests[next]));
    TestProcess::wait_any(running, 200);
    for (auto it = running.begin(); it != running.end();) {
      if (it->second.is_running()) {
        ++it;
        continue;
      }
      const Test &test = *tests[it->first];
      done.emplace(it->first, gathered(subject, test, it->second, limit_s(subject, test)));
      it = running.erase(it);
    }
    for (; done.count(told); ++told) tell(done.at(told));
  }
}

int run_one(const fs::path &file) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  Fd out(3);
  const auto text = read_file(file, std::uint64_t{64} << 20);
  const auto json = text ? parse_json(*text) : Result<Json>(text.fault());
  if (!json) return 70;
  const Subject subject = subject_of(json->at("subject"));
  const std::string name = json->at("test");
  const std::uint64_t seed = json->at("seed");
  const fs::path folder = subject.work / (file.stem().string() + ".d");
  Json result;
  if (name == first_run_name) {
    adopt_orphans();
    Trial trial(subject, "first", folder, seed);
    result = first_run(trial);
  } else {
    result = to_json(tried(subject, *find(name), seed, folder));
  }
  return write_all(out.get(), to_text(result)) ? 0 : 70;
}

}  // namespace civicast::kit
