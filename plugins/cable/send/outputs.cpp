// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/outputs.hpp"

#include <algorithm>

#include "plugins/cable/send/hls.hpp"
#include "plugins/cable/send/rotation.hpp"
#include "plugins/cable/send/rtp.hpp"
#include "plugins/cable/send/srt.hpp"
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
  return to.kind == Address::Kind::file && to.every_s == 0 && to.is_proof;
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

Recorder::Target target_of(const Address &to, const Site &site) {
  return {to.kind == Address::Kind::hls ? "hls" : "file", to.url(), site.rate, site.now_ns};
}

std::unique_ptr<Output> open_rotation(const Address &to, const Site &site) {
  const Rotation::Plan plan{full_path(to, site.folder), to.every_s, to.keep};
  return std::make_unique<Recorder>(target_of(to, site), [plan](LossCount &loss) {
    return std::make_unique<Rotation>(plan, loss);
  });
}

std::unique_ptr<Output> open_hls(const Address &to, const Site &site) {
  const Hls::Plan plan{full_path(to, site.folder), to.segment_s, to.keep};
  return std::make_unique<Recorder>(
      target_of(to, site), [plan](LossCount &loss) { return std::make_unique<Hls>(plan, loss); });
}

/// Counts for itself alone.
class Aside final : public Output {
 public:
  explicit Aside(std::unique_ptr<Output> output) : output_(std::move(output)) {}
  std::int64_t send(const std::vector<iovec> &datagrams) override {
    output_->send(datagrams);
    return 0;
  }
  News news() override {
    output_->news();
    return {};
  }
  OutputState state() const override { return output_->state(); }

 private:
  std::unique_ptr<Output> output_;
};

std::unique_ptr<Output> open(const Wanted &wanted, const Site &site) {
  const Address &to = wanted.address;
  switch (to.kind) {
    case Address::Kind::udp:
      return std::make_unique<UdpOutput>(to);
    case Address::Kind::rtp:
      return std::make_unique<RtpOutput>(to, site.rate, source_of(site.channel));
    case Address::Kind::srt:
      return std::make_unique<SrtOutput>(to, site.rate, site.passphrase);
    case Address::Kind::hls:
      return open_hls(to, site);
    case Address::Kind::file:
      break;
  }
  return to.every_s == 0 ? open_file(wanted, site.folder) : open_rotation(to, site);
}

/// As libsrt wants it. Its length is all that is ever told of it.
void check_passphrase(const std::string &passphrase) {
  constexpr std::size_t kLeast = 10, kMost = 79;
  if (!passphrase.empty() && (passphrase.size() < kLeast || passphrase.size() > kMost))
    throw unready("output.passphrase", "SRT 密码应为 10 至 79 个字节。",
                  "The SRT passphrase has 10 to 79 bytes.", "/srt_passphrase");
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
  check_passphrase(site.passphrase);
  for (const Wanted &one : wanted) {
    std::unique_ptr<Output> output = open(one, site);
    if (!one.address.is_proof) output = std::make_unique<Aside>(std::move(output));
    all_.push_back(std::move(output));
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
