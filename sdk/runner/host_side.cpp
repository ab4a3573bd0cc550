// SPDX-License-Identifier: Apache-2.0
#include "sdk/runner/host_side.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>

#include "sdk/base/json.hpp"

namespace civicast::runner {
namespace {

static_assert(wire::max_proof_bytes == CIV_MAX_PROOF_BYTES);
static_assert(static_cast<int>(wire::FactKind::withdrawn) == CIV_WITHDRAWN);
static_assert(static_cast<int>(wire::Evidence::inferred) == CIV_INFERRED);
static_assert(static_cast<int>(wire::Status::missing_content) == CIV_MISSING_CONTENT);
static_assert(static_cast<int>(wire::Verdict::broken) == CIV_BROKEN);

/// A proof is kept even if it is not the object it ought to be: the fact matters more than its
/// form.
std::string proof_text(std::string_view given) {
  if (given.empty()) return {};
  Result<Json> read = parse_json(given, wire::max_proof_depth);
  if (read && read->is_object()) {
    std::string text = to_text(*read);
    if (text.size() <= wire::max_proof_bytes) return text;
  }
  return to_text({{"unreadable", std::string(given.substr(0, 1024))}});
}

std::optional<wire::Fact> fact_of(const civ_fact *raw) {
  if (!raw || !CIV_HAS(civ_fact, raw, proof)) return std::nullopt;  // the last member of 1.0
  const bool is_known = raw->fact >= CIV_ACCEPTED && raw->fact <= CIV_WITHDRAWN &&
                        raw->evidence >= CIV_MEASURED && raw->evidence <= CIV_INFERRED &&
                        raw->status >= CIV_STATUS_NONE && raw->status <= CIV_MISSING_CONTENT;
  const std::string_view placement = view(raw->placement), place = view(raw->place);
  const bool fits = !placement.empty() && placement.size() <= CIV_MAX_ID_BYTES &&
                    place.size() <= CIV_MAX_ID_BYTES && raw->play > 0;
  if (!is_known || !fits) return std::nullopt;
  wire::Fact out;
  out.fact = static_cast<wire::FactKind>(raw->fact);
  out.evidence = static_cast<wire::Evidence>(raw->evidence);
  out.status = static_cast<wire::Status>(raw->status);
  out.play = raw->play;
  out.placement = placement;
  out.place = place;
  out.start_ns = raw->start_ns;
  out.end_ns = raw->end_ns;
  out.remote = view(raw->remote).substr(0, CIV_MAX_REMOTE_BYTES);
  out.proof = proof_text(view(raw->proof));
  return out;
}

}  // namespace

std::string_view view(civ_text text) {
  return text.data ? std::string_view(text.data, text.size) : std::string_view();
}

void write_log(int level, std::string_view line) {
  std::string out = "<" + std::to_string(std::clamp(level, 0, 3)) + ">";
  out += line.substr(0, CIV_MAX_LOG_BYTES);
  std::replace(out.begin(), out.end(), '\n', ' ');
  out += '\n';
  // One write, so that threads do not mix their lines. The pipe does not block: when the host
  // reads too slowly the line is lost, and the plugin's playout is not held up.
  [[maybe_unused]] const ssize_t put = ::write(STDERR_FILENO, out.data(), out.size());
}

const HostSide &HostSide::self(const civ_host *host) {
  return *static_cast<HostSide *>(host->self);
}

HostSide::HostSide(const wire::Welcome &welcome, const Clock &clock, Put put)
    : state_dir_(welcome.state_dir),
      locale_(welcome.locale),
      clock_offset_ns_(welcome.clock_offset_ns),
      clock_(clock),
      put_(std::move(put)),
      raw_{} {
  raw_.size = sizeof raw_;
  raw_.abi_minor = CIV_ABI_MINOR;
  raw_.self = this;
  raw_.locale = {locale_.data(), locale_.size()};
  raw_.state_dir = {state_dir_.data(), state_dir_.size()};
  raw_.now_ns = [](const civ_host *host) {
    return self(host).clock_.now_ns() + self(host).clock_offset_ns_;
  };
  raw_.log = [](const civ_host *, std::int32_t level, civ_text line) {
    write_log(level, view(line));
  };
  raw_.emit = [](const civ_host *host, const civ_fact *const *facts, std::size_t count) {
    return self(host).emit(facts, count);
  };
  raw_.extension = [](const civ_host *, const char *) -> const void * { return nullptr; };
}

std::int32_t HostSide::emit(const civ_fact *const *facts, std::size_t count) const {
  try {
    std::vector<wire::Fact> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::optional<wire::Fact> fact = fact_of(facts[i]);
      if (!fact) {
        write_log(CIV_ERROR, "emit: fact " + std::to_string(i + 1) + " of " +
                                 std::to_string(count) +
                                 " is malformed (civ_fact in channel.h); none was taken");
        return CIV_BROKEN;
      }
      out.push_back(std::move(*fact));
    }
    return put_(out) ? CIV_DONE : CIV_LATER;
  } catch (const std::exception &breakdown) {
    write_log(CIV_ERROR, std::string("emit: ") + breakdown.what());
    return CIV_LATER;
  }
}

}  // namespace civicast::runner
