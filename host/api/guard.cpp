// SPDX-License-Identifier: Apache-2.0
#include "host/api/guard.hpp"

#include <Poco/Net/IPAddress.h>
#include <Poco/String.h>

#include <algorithm>

#include "host/api/faults.hpp"

namespace civicast::api {

Guard::Guard(const std::string &bound_host, std::uint16_t port) {
  for (const std::string &name :
       {bound_host, std::string("127.0.0.1"), std::string("localhost"), std::string("[::1]")}) {
    names_.push_back(name + ":" + std::to_string(port));
    if (port == 80) names_.push_back(name);
  }
}

Result<void> Guard::admit(const std::string &host, const std::string &origin) const {
  const auto is_ours = [this](const std::string &name) {
    return std::find(names_.begin(), names_.end(), Poco::toLower(name)) != names_.end();
  };
  if (!is_ours(host))
    return Fault(faults::host_foreign, {{"host", host}, {"expected", "http://" + names_.front()}});
  const std::string scheme = "http://";
  if (!origin.empty() && (origin.rfind(scheme, 0) != 0 || !is_ours(origin.substr(scheme.size()))))
    return Fault(faults::origin_foreign, {{"origin", origin}});
  return {};
}

Result<std::string> loopback_address(const std::string &host) {
  if (host == "localhost") return std::string("127.0.0.1");
  Poco::Net::IPAddress address;
  if (Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback()) return host;
  return Fault(faults::bind_not_loopback, {{"host", host}});
}

}  // namespace civicast::api
