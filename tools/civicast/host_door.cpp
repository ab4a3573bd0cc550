// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/host_door.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include "host/reports/faults.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::cli {
namespace {

/// The host says in host.json where it listens: the system may have chosen the port.
std::string address_of(const station::Station &station) {
  const auto text = read_file(station.folder / "host.json", 64 * 1024);
  const auto facts = text ? parse_json(*text) : Result<Json>(text.fault());
  if (facts && facts->is_object() && facts->contains("api") && facts->at("api").is_string())
    return facts->at("api").get<std::string>();
  return fmt::format("http://{}:{}", station.api_host, station.api_port);
}

}  // namespace

std::optional<Json> post_to_host(const station::Station &station, const std::string &path,
                                 const Json &body, Context &context) {
  const std::string where = address_of(station);
  const auto unreachable = [&](const std::string &reason) {
    report(Fault(reports::faults::host_unreachable, {{"url", where}, {"reason", reason}}), context);
  };
  try {
    const Poco::URI address(where);
    Poco::Net::HTTPClientSession session(address.getHost(), address.getPort());
    session.setTimeout(Poco::Timespan(60, 0));
    Poco::Net::HTTPRequest request("POST", path, "HTTP/1.1");
    const std::string text = to_text(body);
    request.setContentType("application/json");
    request.setContentLength64(static_cast<Poco::Int64>(text.size()));
    session.sendRequest(request) << text;
    Poco::Net::HTTPResponse response;
    std::string answer;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
    auto json = parse_json(answer);
    if (!json) return report(json.fault(), context), std::nullopt;
    if (response.getStatus() == Poco::Net::HTTPResponse::HTTP_OK) return *std::move(json);
    unreachable(json->value("zh", "") + " " + json->value("en", ""));
  } catch (const Poco::Exception &error) {
    unreachable(error.displayText());
  }
  return {};
}

}  // namespace civicast::cli
