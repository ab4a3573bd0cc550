// SPDX-License-Identifier: Apache-2.0
// A clip: a house file opened for air, read frame by frame and never further than it must.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "plugins/cable/format/demux.hpp"
#include "plugins/cable/format/source.hpp"

namespace civicast::cable {

class Clip final : public Source {
 public:
  /// Opens `path` at `frame`, which must be the first of a GOP, and reads that GOP ahead.
  /// Throws std::runtime_error with what is wrong.
  Clip(const std::string &path, const formats::HouseFormat &house, std::int64_t frame);
  /// Whether this is the file that was so long and changed last then. A file that is written while
  /// it is on air fails as a damaged one does.
  bool is(std::int64_t size_bytes, std::int64_t changed_ns) const {
    return file_.stamp() == File::Stamp{size_bytes, changed_ns};
  }
  /// Reads on to `frame`, in front of which everything else has been shown already.
  void skip_to(std::int64_t frame);

  std::int64_t position() const override { return position_; }
  const AVPacket *video() override;
  const AVPacket *audio(std::int64_t index) override;

 private:
  /// The file itself, whatever becomes of its name.
  class File {
   public:
    struct Stamp {
      std::int64_t size_bytes = 0, changed_ns = 0;
      bool operator==(const Stamp &) const = default;
    };
    explicit File(const std::string &path);
    ~File();
    File(const File &) = delete;
    File &operator=(const File &) = delete;
    const Stamp &stamp() const { return stamp_; }
    bool is_as_opened() const { return read_stamp() == stamp_; }
    bool is_named(const std::string &path) const;

   private:
    Stamp read_stamp() const;
    int file_;
    Stamp stamp_;
  };
  bool pull();  ///< one more unit into the queues; false at the end of the file
  void find_origin();

  const formats::HouseFormat &house_;
  File file_;
  Demux demux_;
  std::int64_t origin_pts_ = 0;  ///< of the file's first picture
  std::int64_t position_ = 0;
  bool is_at_end_ = false;
  std::deque<Unit> pictures_, sounds_;
  Unit shown_, heard_;
};

}  // namespace civicast::cable
