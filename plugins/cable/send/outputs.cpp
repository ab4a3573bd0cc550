// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/outputs.hpp"

#include <algorithm>

#include "plugins/cable/send/rtp.hpp"
#include "plugins/cable/send/udp.hpp"

namespace civicast::cable {
namespace {

Address parsed(const std::string &url, const std::string &at) {
  try {
    return parse_address(url);
  } catch (Trouble &trouble) {
    trouble.at = at;
    throw;
  }
}

/// A file of any name, as the setting `ts_file` has always allowed.
Address growing_file(const std::string &path) {
  Address to;
  to.kind = Address::Kind::file;
  to.path = path;
  return to;
}

void must_differ(const std::vector<Wanted> &wanted) {
  for (std::size_t i = 1; i < wanted.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (wanted[i].address.destination() == wanted[k].address.destination())
        throw unready(
            "output.duplicate", "这个目的地与 " + wanted[k].at + " 重复，每个目的地只写一次。",
            "This destination is that of " + wanted[k].at + ", too; each stands only once.",
            wanted[i].at);
}

bool is_evidence(const Address &to) {
  return to.kind == Address::Kind::file && to.every_s == 0;
}

std::string full_path(const Address &to, const std::string &folder) {
  return to.path[0] == '/' ? to.path : folder + "/" + to.path;
}

std::unique_ptr<Output> open_file(const Wanted &wanted, const std::string &folder) {
  try {
    return std::make_unique<FileOutput>(full_path(wanted.address, folder), wanted.address.url());
  } catch (const std::runtime_error &e) {
    throw unready("output.file", "TS 文件打不开。", "The TS file cannot be opened.", wanted.at,
                  e.what());
  }
}

std::unique_ptr<Output> open(const Wanted &wanted, const Site &site) {
  switch (wanted.address.kind) {
    case Address::Kind::udp:
      return std::make_unique<UdpOutput>(wanted.address);
    case Address::Kind::rtp:
      return std::make_unique<RtpOutput>(wanted.address, site.rate, source_of(site.channel));
    case Address::Kind::srt:
    case Address::Kind::hls:
    case Address::Kind::file:
      break;
  }
  return open_file(wanted, site.folder);
}

}  // namespace

std::vector<Wanted> wanted_outputs(const Doc &settings) {
  std::vector<Wanted> out;
  const std::string udp = settings.text("/udp"), ts_file = settings.text("/ts_file");
  if (!udp.empty()) out.push_back({parsed("udp://" + udp, "/udp"), "/udp"});
  if (!ts_file.empty()) out.push_back({growing_file(ts_file), "/ts_file"});
  const std::vector<std::string> urls = settings.texts("/outputs");
  for (std::size_t i = 0; i < urls.size(); ++i) {
    const std::string at = "/outputs/" + std::to_string(i);
    // A setting that is there and empty arrives as a list of nothing.
    if (!urls[i].empty()) out.push_back({parsed(urls[i], at), at});
  }
  if (out.empty())
    throw unready("output.none", "没有输出：请填写 UDP 地址、TS 文件或输出列表。",
                  "There is no output: set a UDP address, a TS file or the list of outputs.",
                  "/udp");
  must_differ(out);
  return out;
}

Outputs::Outputs(const std::vector<Wanted> &wanted, const Site &site) {
  for (const Wanted &one : wanted) {
    all_.push_back(open(one, site));
    if (is_evidence(one.address) && !evidence_)
      evidence_ = static_cast<FileOutput *>(all_.back().get());
    else
      in_order_.push_back(all_.back().get());
  }
  if (evidence_) in_order_.push_back(evidence_);
}

std::vector<OutputState> Outputs::states() const {
  std::vector<OutputState> out;
  for (const auto &output : all_) out.push_back(output->state());
  return out;
}

std::string evidence_path(const std::vector<Wanted> &wanted, const std::string &folder) {
  const auto found = std::find_if(wanted.begin(), wanted.end(),
                                  [](const Wanted &one) { return is_evidence(one.address); });
  return found == wanted.end() ? "" : full_path(found->address, folder);
}

}  // namespace civicast::cable
