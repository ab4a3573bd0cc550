// SPDX-License-Identifier: Apache-2.0
#include "host/airings/status_words.hpp"

namespace civicast::airings {

Words words(wire::Status status) {
  switch (status) {
    case wire::Status::none:
      break;
    case wire::Status::aired_without_discrepancy:
      return {"完整播出", "aired complete"};
    case wire::Status::technical_difficulty:
      return {"技术故障", "technical difficulty"};
    case wire::Status::did_not_air:
      return {"没有播出", "did not air"};
    case wire::Status::aired_with_duration_discrepancy:
      return {"时长不符", "aired with another length"};
    case wire::Status::aired_with_content_discrepancy:
      return {"内容不符", "aired with other content"};
    case wire::Status::preempted:
      return {"被替换", "pre-empted"};
    case wire::Status::joined_in_progress:
      return {"中途切入", "joined in progress"};
    case wire::Status::inserted_by_operator:
      return {"人工插播", "inserted by an operator"};
    case wire::Status::unknown:
      return {"不明", "unknown"};
    case wire::Status::missing_content:
      return {"缺少素材", "content missing"};
  }
  return {};
}

}  // namespace civicast::airings
