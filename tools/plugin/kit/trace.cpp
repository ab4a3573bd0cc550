// SPDX-License-Identifier: Apache-2.0
#include "tools/plugin/kit/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "host/workers/worker.hpp"
#include "tools/plugin/kit/settings.hpp"

namespace civicast::kit {
namespace {

constexpr const char *mask = "•••";
constexpr std::size_t one_line = 100;

/// What kind of message it is: the member that says so.
std::string kind_of(const Json &message) {
  if (message.contains("call") && message["call"].is_string())
    return message["call"].get<std::string>();
  for (const char *name : {"welcome", "hello", "facts", "re", "acked", "alive", "bye"})
    if (message.contains(name)) return std::string(name) == "re" ? "answer" : name;
  return "?";
}

/// Every text that is a secret, wherever it stands: a secret that is a short word is no reason to
/// mask half of what is said, so other texts are only masked where they hold a longer one.
void hide(Json &value, const std::vector<std::string> &secrets) {
  if (value.is_structured()) {
    for (Json &member : value) hide(member, secrets);
    return;
  }
  const std::string text = value.is_string() ? value.get<std::string>() : to_text(value);
  if (std::find(secrets.begin(), secrets.end(), text) != secrets.end()) value = mask;
}

}  // namespace

Trace::Trace(std::ostream &out, const Json &schema, const Json &settings)
    : out_(out), secrets_(secrets_of(schema, settings)), began_ms_(workers::steady_ms()) {}

std::string Trace::since_start() const {
  return fmt::format("{:9.3f} s", static_cast<double>(workers::steady_ms() - began_ms_) / 1000);
}

std::string Trace::masked(std::string text) const {
  constexpr std::size_t long_enough = 4;
  for (const std::string &secret : secrets_)
    for (std::size_t at = 0;
         secret.size() >= long_enough && (at = text.find(secret, at)) != std::string::npos;)
      text.replace(at, secret.size(), mask);
  return text;
}

void Trace::frame(bool is_to_worker, std::string_view text) {
  const char *const arrow = is_to_worker ? "宿主 host → worker" : "宿主 host ← worker";
  Result<Json> message = parse_json(text);
  if (!message || !message->is_object()) {
    out_ << since_start() << "  " << arrow << "  ?  " << masked(std::string(text)) << "\n";
    return;
  }
  const std::string kind = kind_of(*message);
  hide(*message, secrets_);
  std::string shown = masked(to_text(*message));
  if (shown.size() > one_line) {
    std::istringstream lines(masked(message->dump(2, ' ', false, Json::error_handler_t::replace)));
    shown.clear();
    for (std::string line; std::getline(lines, line);) shown += "\n              " + line;
  }
  out_ << fmt::format("{}  {}  {:<8} {}\n", since_start(), arrow, kind, shown) << std::flush;
}

void Trace::line(const std::string &line) {
  out_ << since_start() << "  日志 log            " << masked(line) << "\n" << std::flush;
}

}  // namespace civicast::kit
