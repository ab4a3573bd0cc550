// SPDX-License-Identifier: Apache-2.0
// `civicast plugin check`: the conformance kit.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <random>

#include "tools/civicast/commands.hpp"
#include "tools/civicast/work_folder.hpp"
#include "tools/plugin/kit/report.hpp"

namespace civicast::cli {
namespace {

namespace fs = std::filesystem;

struct Asked {
  fs::path plugin, settings, one;
  fs::path runner;
  kit::Plan plan;
  bool is_json = false, is_list = false;
};

volatile sig_atomic_t is_interrupted = 0;

void interrupt(int) {
  is_interrupted = 1;
}

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// "[ 7/40] publish.ends" on a terminal, redrawn; nothing elsewhere, where the results themselves
/// are the progress.
class Counter {
 public:
  Counter(std::size_t all, bool is_wanted) : all_(all), is_wanted_(is_wanted && ::isatty(2) == 1) {}
  void before_line() {
    if (is_wanted_) std::cerr << "\r\x1b[K" << std::flush;
  }
  void after_line(std::size_t done, const std::string &next) {
    if (is_wanted_ && done < all_)
      std::cerr << "[" << done << "/" << all_ << "] " << next << std::flush;
  }

 private:
  std::size_t all_;
  bool is_wanted_;
};

void run_all(const Asked &asked, kit::Subject &subject, const std::vector<const kit::Test *> &tests,
             Context &context) {
  const auto began = std::chrono::steady_clock::now();
  std::vector<kit::TestResult> results;
  Counter counter(tests.size(), !asked.is_json);
  if (!asked.is_json) kit::print_beginning(std::cout, subject, asked.plan, tests.size());
  counter.after_line(0, tests.front()->name);
  kit::run(
      subject, tests, asked.plan,
      [&](const kit::TestResult &result) {
        results.push_back(result);
        counter.before_line();
        if (!asked.is_json) kit::print(std::cout, result, subject, asked.plan);
        std::cout << std::flush;
        counter.after_line(results.size(), results.size() < tests.size()
                                               ? tests[results.size()]->name
                                               : std::string());
      },
      [] { return is_interrupted == 0; });
  counter.before_line();
  if (asked.is_json)
    std::cout << kit::report_json(results, subject, asked.plan, seconds_since(began)).dump(2)
              << "\n";
  else
    kit::print_end(std::cout, results, seconds_since(began));
  if (kit::tally(results).failed > 0 || results.size() < tests.size()) context.exit_code = 1;
}

void check(Asked &asked, Context &context) {
  if (!asked.one.empty()) {
    context.exit_code = kit::run_one(asked.one);
    return;
  }
  const auto tests = kit::chosen(asked.plan);
  if (!tests) return report(tests.fault(), context);
  if (asked.is_list) return kit::print_list(std::cout, *tests);
  auto subject = kit::read_subject(asked.plugin, asked.runner, asked.settings);
  if (!subject) return report(subject.fault(), context);
  const WorkFolder work("civicast-check");
  subject->work = work.path();
  if (asked.plan.seed == 0) asked.plan.seed = std::random_device()() % 1'000'000 + 1;
  asked.plan.self = {fs::read_symlink("/proc/self/exe").string(), "plugin", "check", "--one"};
  ::signal(SIGINT, interrupt);
  ::signal(SIGTERM, interrupt);
  if (const auto prepared = kit::prepare(*subject, asked.plan); !prepared)
    return report(prepared.fault(), context);
  run_all(asked, *subject, *tests, context);
}

}  // namespace

void add_plugin_check(CLI::App &plugins, Context &context) {
  auto *command = plugins.add_subcommand(
      "check", "检查插件是否守规矩 · Try whether a plugin keeps to the contract");
  auto asked = std::make_shared<Asked>();
  asked->runner = fs::read_symlink("/proc/self/exe").parent_path() / "civicast-runner";
  command->add_option("plugin", asked->plugin, "插件目录 · The plugin's folder")->type_name("DIR");
  command
      ->add_option("--level", asked->plan.level,
                   "1 不伤及宿主，2 可以播出，3 经得起审计 · 1: hurts nobody, 2: fit to broadcast, "
                   "3: fit for an audit")
      ->check(CLI::Range(1, 3))
      ->capture_default_str();
  command
      ->add_option("--only", asked->plan.only,
                   "只做名称符合的测试 · Only tests whose name matches this")
      ->type_name("REGEX");
  command
      ->add_option("--settings", asked->settings,
                   "打开插件所用的设置，JSON 文件 · The settings that it is opened with, as JSON")
      ->type_name("FILE");
  command->add_option("--seed", asked->plan.seed, "重现一次检查 · Repeats a run")->type_name("N");
  command->add_option("--jobs", asked->plan.jobs, "同时进行的测试 · Tests at a time")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("--json", asked->is_json, "输出一个 JSON 对象 · Prints one JSON object");
  command->add_flag("--list", asked->is_list,
                    "列出测试和它们的规则 · Lists the tests and the law of each");
  command->add_flag("--in-process", asked->plan.in_process,
                    "测试不另起进程，便于调试 · All tests in this process, for a debugger");
  command->add_option("--one", asked->one)->group("");
  command->callback([&context, asked, command] {
    if (asked->plugin.empty() && !asked->is_list && asked->one.empty())
      throw CLI::RequiredError("plugin");
    check(*asked, context);
  });
}

}  // namespace civicast::cli
