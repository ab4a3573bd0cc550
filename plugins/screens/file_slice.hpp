// SPDX-License-Identifier: Apache-2.0
// A Beast body that is a slice of a file, read 64 KiB at a time while it is sent.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/file_posix.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <utility>

namespace civicast::screens {

struct FileSlice {
  struct value_type {
    boost::beast::file_posix file;  ///< at the first byte of the slice
    std::uint64_t size = 0;
  };

  static std::uint64_t size(const value_type &body) { return body.size; }

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool is_request, class Fields>
    writer(boost::beast::http::header<is_request, Fields> &, value_type &body)
        : body_(body), left_(body.size) {}

    void init(boost::beast::error_code &error) { error = {}; }

    boost::optional<std::pair<const_buffers_type, bool>> get(boost::beast::error_code &error) {
      const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, block_.size()));
      const std::size_t got = most == 0 ? 0 : body_.file.read(block_.data(), most, error);
      if (error) return boost::none;
      if (got == 0 && most > 0) {  // the file became shorter
        error = boost::beast::errc::make_error_code(boost::beast::errc::io_error);
        return boost::none;
      }
      left_ -= got;
      return {{const_buffers_type(block_.data(), got), left_ > 0}};
    }

   private:
    value_type &body_;
    std::uint64_t left_;
    std::array<char, 65536> block_;
  };
};

}  // namespace civicast::screens
