// SPDX-License-Identifier: Apache-2.0
// A test of the kit: one law, one process.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tools/plugin/kit/channel.hpp"
#include "tools/plugin/kit/far_side.hpp"
#include "tools/plugin/kit/result.hpp"

namespace civicast::kit {

/// What a test is given: the plugin, a folder of its own, and luck that can be repeated.
class Trial {
 public:
  /// `folder` is the test's own. The same `seed` gives the same test.
  Trial(const Subject &about, std::string test, std::filesystem::path folder, std::uint64_t seed);

  const Subject &subject;
  const workers::Manifest &manifest() const { return *subject.manifest; }
  std::mt19937_64 random;
  const std::filesystem::path &folder() const { return folder_; }

  /// A channel with a state folder of its own, not started.
  Channel channel(std::int64_t clock_offset_ns = 0);
  /// The same, open.
  Channel open(std::int64_t clock_offset_ns = 0);
  Json settings();  ///< the subject's, placeholders filled
  FarSide &far_side();

  /// A placement of the first sample, or of another, by the house clock `now_ns`. With `in_s` it
  /// starts so much later instead of when the sample says.
  wire::Placement placement(std::int64_t now_ns, std::size_t sample = 0, double in_s = -1);
  /// One of each sample.
  std::vector<wire::Placement> placements(std::int64_t now_ns);

  /// Publishes as the host does; the plugin must take it.
  void publish(Channel &channel, const wire::Placement &placement);
  /// Waits until it has ended, in one way or the other; it must, within its time and the grace.
  void must_end(Channel &channel, const wire::Placement &placement);
  /// The objections of the host's own judge to what was said.
  void must_be_legal(const Channel &channel, const std::vector<wire::Placement> &handed);

  template <class... Facts>
  [[noreturn]] void fail(const FaultKind &kind, const Facts &...facts) const {
    throw Verdict{Outcome::fail, about(subject, kind, facts...)};
  }
  template <class... Facts>
  [[noreturn]] void skip(const FaultKind &kind, const Facts &...facts) const {
    throw Verdict{Outcome::skip, about(subject, kind, facts...)};
  }
  template <class... Facts>
  [[noreturn]] void warn(const FaultKind &kind, const Facts &...facts) const {
    throw Verdict{Outcome::warn, about(subject, kind, facts...)};
  }

 private:
  std::string test_;
  std::filesystem::path folder_;
  int channels_ = 0, placements_ = 0;
  std::unique_ptr<FarSide> far_side_;
};

struct Test {
  std::string name;  ///< "publish.ends"
  int level;         ///< 1: so that nobody is hurt; 2: to broadcast with; 3: to audit
  Words law;         ///< one sentence: what a plugin must do, and what this tries
  double seconds;    ///< that it takes on an idle machine, beside waiting for the plugin
  int lives;         ///< how many starts of a worker it waits for
  void (*run)(Trial &);
};

/// Every test, in the order of the groups.
const std::vector<Test> &all_tests();

// The groups, each in a file of its own.
void add_manifest_tests(std::vector<Test> &tests);
void add_load_tests(std::vector<Test> &tests);
void add_life_tests(std::vector<Test> &tests);
void add_check_tests(std::vector<Test> &tests);
void add_publish_tests(std::vector<Test> &tests);
void add_withdraw_tests(std::vector<Test> &tests);
void add_recall_tests(std::vector<Test> &tests);
void add_facts_tests(std::vector<Test> &tests);
void add_trouble_tests(std::vector<Test> &tests);
void add_growth_tests(std::vector<Test> &tests);
void add_fuzz_tests(std::vector<Test> &tests);

}  // namespace civicast::kit
