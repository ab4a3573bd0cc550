// SPDX-License-Identifier: Apache-2.0
// Two channels under one host: a good one, and one whose plugin does one thing wrong. What must
// hold for every rogue is checked here; what differs stands in a Wrong.
#pragma once

#include <string>
#include <vector>

namespace civicast::test {

/// The default is a plugin that is wrong in nothing that anybody sees.
struct Wrong {
  std::string rogue;  ///< "crash_open"
  /// What the one sentence names and says; empty: nothing of that kind, or no sentence at all.
  std::string call = {}, placement = {}, en = {}, zh = {};

  int placements = 3;  ///< that are handed to it: bad-0, bad-1, …
  /// How each of them ends, and in the host's own word if the plugin gave none.
  std::string ends = "aired", code = {};
  /// How they stand before their time has passed, if they do not end before that.
  std::string before = {};
  std::vector<std::string> disputes = {};  ///< codes of all that is kept and not counted

  bool is_clock_running = false;  ///< what is put off comes due
  bool is_checked = false;        ///< it is asked to check
  bool is_withdrawn = false;      ///< its placements are taken back once accepted
  bool is_slow = false;           ///< it takes its time: meanwhile the good channel airs
  int hello_ms = 10'000, heartbeat_lost_ms = 5'000;
  std::vector<std::string> last_words = {};  ///< in the fault's detail
};

/// The law, for one rogue:
/// * every placement of the good channel airs, once, and is counted, and its worker never ends;
/// * every placement of the bad one ends in exactly one way, the one that is true;
/// * its count is what really aired, by its own journal, and what cannot be is kept as disputed;
/// * the operator reads one sentence, in both languages, that names channel, plugin, version, call
///   and placement; one for each death, and no flood of lines;
/// * nothing of it is left in the process table;
/// * the ledger verifies, and the counts made anew from it are the same.
/// True once all of it was looked at; what is broken fails the test where it is found.
bool law_was_checked(const Wrong &wrong);

}  // namespace civicast::test
