// SPDX-License-Identifier: Apache-2.0
// What the screens' HTTP door answers when a request is wrong: a status, a stable code, and a
// sentence in Chinese and English.
#pragma once

#include <string>

namespace civicast::screens {

struct Problem {
  unsigned status;
  const char *code, *zh, *en;
  std::string at = {};  ///< a JSON pointer into the body

  Problem where(std::string pointer) const;
  std::string json() const;  ///< {"code","zh","en","at"}
};

namespace problems {
extern const Problem foreign_host, foreign_origin, bad_request, header_too_large, body_too_large,
    no_such_path, no_such_method, bad_place, unknown_place, unknown_media, media_gone, bad_range,
    not_json_type, not_json, not_object, unknown_member, bad_session, bad_records, too_many_records,
    bad_record, bad_seq, seq_gap, bad_placement, bad_time, time_order, future_time, bad_outcome,
    bad_reason, bad_number, bad_sha256, not_jpeg_type, not_jpeg, not_stored, broken;
}  // namespace problems

}  // namespace civicast::screens
