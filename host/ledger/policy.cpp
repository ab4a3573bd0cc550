// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/policy.hpp"

#include <algorithm>

#include "host/ledger/faults.hpp"
#include "host/ledger/proof.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/text.hpp"

namespace civicast::ledger {
namespace {

constexpr std::size_t max_lines = 4096;
constexpr std::size_t max_faults = 20;
constexpr std::size_t max_of_each = 256;
constexpr std::uint64_t max_policy_bytes = 1 << 20;
constexpr std::string_view none = "none";

bool is_allowed(char c) {
  return c == '\t' || (c >= ' ' && c != 127) || c < 0;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != line.npos;) {
    const auto end = std::min(line.find_first_of(" \t", at), line.size());
    words.emplace_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

/// Reads a policy line by line, and goes on after a mistake.
class PolicyReader {
 public:
  explicit PolicyReader(std::string shown) : shown_(std::move(shown)) {}

  void line(std::string_view text) {
    ++number_;
    if (!std::all_of(text.begin(), text.end(), is_allowed))
      return wrong("含有控制字符", "it holds a control character");
    const auto words = words_of(text);
    if (words.empty() || words.front().front() == '#') return;
    if (words.front() == "log") return log(words);
    if (words.front() == "witness") return witness(words);
    if (words.front() == "group") return group(words);
    if (words.front() == "quorum") return quorum(words);
    wrong("只能以 log、witness、group 或 quorum 开头",
          "it must begin with log, witness, group or quorum");
  }

  Result<Policy, Faults> finish(bool is_whole) {
    if (!is_whole) wrong("行没有写完", "its last line does not end");
    if (!has_quorum_) wrong("缺少 quorum 行", "there is no quorum line");
    if (!faults_.empty()) return faults_;
    return std::move(policy_);
  }

  void too_long() { wrong("行数过多", "there are too many lines"); }

 private:
  void wrong(const char *zh, const char *en) {
    if (faults_.size() < max_faults)
      faults_.push_back(Fault(faults::policy_wrong, {{"reason_zh", zh}, {"reason_en", en}})
                            .at(shown_ + ":" + std::to_string(number_)));
  }

  /// The key, if it is one of `type` that no earlier line has.
  std::optional<VerifierKey> key(const std::string &text, KeyType type,
                                 std::set<Ed25519Bytes> &seen) {
    const auto key = parse_verifier_key(text);
    if (!key || key->type != type) {
      if (type == KeyType::log)
        wrong("不是台账公钥", "it has no public key of a log");
      else
        wrong("不是见证方公钥", "it has no public key of a witness");
      return {};
    }
    if (seen.insert(key->bytes).second) return key;
    wrong("同一把公钥出现了两次", "the same public key is there twice");
    return {};
  }

  void log(const std::vector<std::string> &words) {
    if (words.size() < 2 || words.size() > 3 || policy_.logs_.size() >= max_of_each)
      return wrong("应为 log <公钥> [<网址>]", "it must read log <key> [<url>]");
    if (auto read = key(words[1], KeyType::log, log_keys_))
      policy_.logs_.push_back({std::move(*read), words.size() > 2 ? words[2] : ""});
  }

  void witness(const std::vector<std::string> &words) {
    if (words.size() < 3 || words.size() > 4 || policy_.witnesses_.size() >= max_of_each)
      return wrong("应为 witness <名字> <公钥> [<网址>]",
                   "it must read witness <name> <key> [<url>]");
    if (!is_free(words[1])) return;
    if (auto read = key(words[2], KeyType::cosigner, witness_keys_))
      policy_.witnesses_.push_back({words[1], std::move(*read), words.size() > 3 ? words[3] : ""});
  }

  void group(const std::vector<std::string> &words) {
    if (words.size() < 4 || policy_.groups_.size() >= max_of_each)
      return wrong("应为 group <名字> <all|any|数> <成员>…",
                   "it must read group <name> <all|any|number> <member>…");
    if (!is_free(words[1])) return;
    Policy::Group group;
    for (std::size_t i = 3; i < words.size(); ++i) {
      if (names_.count(words[i]) == 0 || words[i] == words[1])
        return wrong("成员没有在前面定义", "a member is not defined above it");
      if (!members_.insert(words[i]).second)
        return wrong("一个名字只能属于一个组", "a name may stand in one group only");
      group.members.push_back(words[i]);
    }
    const auto least = words[2] == "all"   ? std::optional<std::uint64_t>(group.members.size())
                       : words[2] == "any" ? std::optional<std::uint64_t>(1)
                                           : number_of(words[2]);
    if (!least || *least < 1 || *least > group.members.size())
      return wrong("数目应在 1 与成员数之间", "the number must be from 1 to the number of members");
    group.least = *least;
    policy_.groups_[words[1]] = std::move(group);
  }

  void quorum(const std::vector<std::string> &words) {
    if (words.size() != 2) return wrong("应为 quorum <名字>", "it must read quorum <name>");
    if (has_quorum_) return wrong("quorum 行只能有一行", "there may be one quorum line only");
    has_quorum_ = true;
    if (words[1] == none) return;
    if (names_.count(words[1]) == 0)
      return wrong("quorum 的名字没有在前面定义", "the quorum's name is not defined above it");
    policy_.quorum_ = words[1];
  }

  bool is_free(const std::string &name) {
    if (name != none && names_.insert(name).second) return true;
    wrong("名字已被使用", "the name is taken");
    return false;
  }

  std::string shown_;
  Policy policy_;
  Faults faults_;
  std::size_t number_ = 0;
  bool has_quorum_ = false;
  std::set<std::string> names_, members_;
  std::set<Ed25519Bytes> log_keys_, witness_keys_;
};

Result<Policy, Faults> Policy::parse(std::string_view text, const std::string &shown) {
  PolicyReader reader(shown);
  std::size_t lines = 0;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    if (++lines > max_lines) {
      reader.too_long();
      break;
    }
    reader.line(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return reader.finish(text.empty() || lines > max_lines);
}

bool Policy::witnessed(const std::string &name, const std::set<std::string> &by) const {
  const auto group = groups_.find(name);
  if (group == groups_.end()) return by.count(name) > 0;
  const auto count = std::count_if(group->second.members.begin(), group->second.members.end(),
                                   [&](const std::string &one) { return witnessed(one, by); });
  return static_cast<std::size_t>(count) >= group->second.least;
}

bool Policy::is_met(const std::set<std::string> &names) const {
  return is_alone() || witnessed(quorum_, names);
}

std::set<std::string> Policy::cosigners(const Note &note) const {
  std::set<std::string> names;
  for (const Witness &one : witnesses_)
    if (cosigned_at(note, one.key)) names.insert(one.name);
  return names;
}

Result<Policy, Faults> read_policy(const std::filesystem::path &file) {
  const auto text = read_file(file, max_policy_bytes);
  if (!text) return Faults{text.fault()};
  return Policy::parse(*text, file.filename().string());
}

Result<Checkpoint> check_by(const Policy &policy, std::string_view text) {
  const auto note = parse_note(text);
  if (!note)
    return Fault(faults::checkpoint_damaged, {{"file", "checkpoint"}, {"reason", note.fault()}});
  const auto is_of = [&](const KnownLog &log) {
    return log.key.name == note->checkpoint.origin && is_signed(*note, log.key);
  };
  if (std::none_of(policy.logs().begin(), policy.logs().end(), is_of))
    return Fault(faults::log_unknown, {{"origin", shortened(note->checkpoint.origin, 200)}});
  const auto names = policy.cosigners(*note);
  if (!policy.is_met(names))
    return Fault(faults::quorum_missing, {{"have", std::to_string(names.size())},
                                          {"of", std::to_string(policy.witnesses().size())}});
  return note->checkpoint;
}

}  // namespace civicast::ledger
