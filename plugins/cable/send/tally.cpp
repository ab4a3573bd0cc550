// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/send/tally.hpp"

#include <cerrno>
#include <system_error>

namespace civicast::cable {
namespace {

struct Row {
  int error;
  Cause cause;
};

constexpr Cause kUnreachable{"网络不可达，请检查网卡和路由",
                             "the network is unreachable; check the interface and the route"};
constexpr Cause kNoInterface{"没有这个网络接口或地址", "there is no such interface or address"};
constexpr Cause kNoRoom{"发送缓冲区已满", "the send buffer is full"};
constexpr Cause kForbidden{"系统或防火墙不允许", "the system or a firewall forbids it"};
constexpr Cause kDiskFull{"磁盘已满", "the disk is full"};

constexpr Row kRows[] = {
    {ENETUNREACH, kUnreachable},
    {EHOSTUNREACH, kUnreachable},
    {ENETDOWN, kUnreachable},
    {EADDRNOTAVAIL, kNoInterface},
    {ENODEV, kNoInterface},
    {ENXIO, kNoInterface},
    {EAGAIN, kNoRoom},
    {ENOBUFS, kNoRoom},
    {ENOMEM, kNoRoom},
    {EPERM, kForbidden},
    {EACCES, kForbidden},
    {ENOSPC, kDiskFull},
    {EDQUOT, kDiskFull},
    {EFBIG, kDiskFull},
    {EMSGSIZE, {"数据报超过网络允许的长度", "a datagram is longer than the network allows"}},
    {EROFS, {"磁盘只读", "the disk is read-only"}},
    {EIO, {"磁盘或网卡读写出错", "the disk or the interface has a defect"}},
    {ENOENT, {"没有这个文件夹", "there is no such folder"}},
    {ENOTDIR, {"没有这个文件夹", "there is no such folder"}},
    {EADDRINUSE, {"端口已被占用", "the port is taken"}},
};
constexpr Cause kOther{"系统报告错误", "the system reports an error"};

}  // namespace

const Cause &cause_of(int error) {
  for (const Row &row : kRows)
    if (row.error == error) return row.cause;
  return kOther;
}

void Tally::failed(std::int64_t datagrams, const Cause &cause, int error) {
  errors_.fetch_add(datagrams, std::memory_order_relaxed);
  error_.store(error, std::memory_order_relaxed);
  cause_.store(&cause, std::memory_order_release);
}

OutputState Tally::state() const {
  OutputState out;
  out.rel = rel_;
  out.href = href_;
  out.sent = sent_.load(std::memory_order_relaxed);
  out.errors = errors_.load(std::memory_order_relaxed);
  if (const Cause *cause = cause_.load(std::memory_order_acquire)) {
    out.last_error = std::string(cause->zh) + "。 · " + cause->en + ".";
    if (const int error = error_.load(std::memory_order_relaxed))
      out.last_error += " (" + std::generic_category().message(error) + ")";
  }
  return out;
}

}  // namespace civicast::cable
