// SPDX-License-Identifier: Apache-2.0
// Which pictures an elementary stream's units hold: frames or fields, progressive or interlaced.
// Reads just so much of MPEG-2, H.264 and H.265 as tells one picture from the next.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace civicast::tests {

struct PictureReport {
  std::int64_t units = 0;
  std::int64_t frames = 0, fields = 0;  ///< coded pictures
  std::int64_t interlaced_frames = 0;   ///< of the frames: coded so that they may hold two fields
  std::int64_t entries = 0;             ///< pictures that refer to no other: IDR, I, IRAP
  std::int64_t uneven_units = 0;        ///< hold something else than one frame or two fields
};

class PictureReader {
 public:
  /// Stream types 0x02, 0x1B and 0x24; of others no pictures are found.
  void set_stream_type(int type) { type_ = type; }
  /// One access unit, or what was sent as one.
  void unit(const std::vector<std::uint8_t> &bytes);
  const PictureReport &report() const { return report_; }

 private:
  struct Found {
    int frames = 0, top_fields = 0, bottom_fields = 0;
  };
  void piece(const std::uint8_t *bytes, std::size_t size, Found &found);
  void mpeg2(const std::uint8_t *bytes, std::size_t size, Found &found);
  void h264(const std::uint8_t *bytes, std::size_t size, Found &found);
  void h264_sequence(const std::vector<std::uint8_t> &bytes);
  void h264_slice(const std::vector<std::uint8_t> &bytes, bool is_idr, Found &found);
  void h265(const std::uint8_t *bytes, std::size_t size, Found &found);

  struct Sequence {
    int frame_number_bits = 0;
    bool is_frames_only = true, has_planes = false;
  };
  int type_ = 0;
  std::array<Sequence, 32> sequences_{};
  std::array<std::uint8_t, 256> sequence_of_{};  ///< by picture parameter set
  PictureReport report_;
};

}  // namespace civicast::tests
