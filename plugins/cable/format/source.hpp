// SPDX-License-Identifier: Apache-2.0
// Where pictures and sound come from: a file, or a live input. Both count their own pictures.
#pragma once

#include <cstdint>

#include "plugins/cable/format/av.hpp"

namespace civicast::cable {

class Source {
 public:
  virtual ~Source() = default;
  /// The next picture that video() will give.
  virtual std::int64_t position() const = 0;
  /// The picture at position(), then steps on. Null when there is none any more. Valid until the
  /// next call. Throws std::runtime_error when it is damaged.
  virtual const AVPacket *video() = 0;
  /// The sound frame that begins `index` sound frames behind picture 0; asked for in rising order.
  /// Null where there is none.
  virtual const AVPacket *audio(std::int64_t index) = 0;
};

}  // namespace civicast::cable
