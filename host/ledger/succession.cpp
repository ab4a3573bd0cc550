// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/succession.hpp"

#include "sdk/base/disk.hpp"
#include "sdk/base/json.hpp"

namespace civicast::ledger {
namespace {

constexpr std::uint64_t max_file_bytes = 1 << 20;
constexpr std::size_t max_entry_bytes = 4096;
constexpr int max_heirs = 1000;

/// No checkpoint begins so: an origin holds no spaces.
std::string message(const VerifierKey &old_key, const VerifierKey &new_key, std::int64_t until_s) {
  return "civicast ledger key/v1\nold " + old_key.line() + "\nnew " + new_key.line() + "\nuntil " +
         std::to_string(until_s) + "\n";
}

std::string text(const Json &json, const char *name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_log_key(const std::optional<VerifierKey> &key) {
  return key && key->type == KeyType::log;
}

}  // namespace

std::string succession_entry(const SignerKey &old_key, const SignerKey &new_key,
                             std::int64_t until_s) {
  const auto said = message(old_key.verifier(), new_key.verifier(), until_s);
  return to_text(Json{{"kind", "key"},
                      {"v", 1},
                      {"old", old_key.verifier().line()},
                      {"new", new_key.verifier().line()},
                      {"until", until_s},
                      {"sig_old", base64(old_key.sign(said))},
                      {"sig_new", base64(new_key.sign(said))}});
}

std::optional<Succession> parse_succession(std::string_view entry) {
  if (entry.size() > max_entry_bytes || entry.find("\"key\"") == entry.npos) return {};
  const auto json = parse_json(entry);
  if (!json || !json->is_object() || text(*json, "kind") != "key" || json->size() != 7 ||
      json->value("v", Json()) != 1)
    return {};
  const auto old_key = parse_verifier_key(text(*json, "old"));
  const auto new_key = parse_verifier_key(text(*json, "new"));
  const auto until = json->find("until");
  if (!is_log_key(old_key) || !is_log_key(new_key) || old_key->name != new_key->name ||
      until == json->end() || !until->is_number_integer())
    return {};
  Succession out{*old_key, *new_key, until->get<std::int64_t>()};
  const auto said = message(out.old_key, out.new_key, out.until_s);
  const auto by_old = from_base64(text(*json, "sig_old"));
  const auto by_new = from_base64(text(*json, "sig_new"));
  if (!by_old || !by_new || !is_signed_by(out.old_key, said, *by_old) ||
      !is_signed_by(out.new_key, said, *by_new))
    return {};
  return out;
}

std::vector<Succession> read_successions(const std::filesystem::path &file) {
  std::vector<Succession> out;
  const auto bytes = read_file(file, max_file_bytes);
  if (!bytes) return out;
  std::string_view rest = *bytes;
  for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
    if (auto one = parse_succession(rest.substr(0, end))) out.push_back(std::move(*one));
    rest.remove_prefix(end + 1);
  }
  return out;
}

VerifierKey heir_of(const VerifierKey &trusted, const std::vector<Succession> &successions,
                    std::string_view note) {
  const auto parsed = parse_note(note);
  if (!parsed) return trusted;
  VerifierKey key = trusted;
  for (int heirs = 0; heirs < max_heirs && !is_signed(*parsed, key); ++heirs) {
    const Succession *next = nullptr;
    for (const Succession &one : successions)
      if (one.old_key.line() == key.line()) next = &one;
    if (!next) return trusted;
    key = next->new_key;
  }
  return is_signed(*parsed, key) ? key : trusted;
}

}  // namespace civicast::ledger
