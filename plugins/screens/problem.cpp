// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/problem.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace civicast::screens {

Problem Problem::where(std::string pointer) const {
  Problem copy = *this;
  copy.at = std::move(pointer);
  return copy;
}

std::string Problem::json() const {
  nlohmann::json body{{"code", code}, {"zh", zh}, {"en", en}};
  if (!at.empty()) body["at"] = at;
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

namespace problems {

const Problem foreign_host{421, "host.foreign", "请用本机地址打开大屏页面。",
                           "Open the screen page by its loopback address."};
const Problem foreign_origin{403, "origin.foreign", "不接受别的网页发来的请求。",
                             "Requests made by other sites' pages are not accepted."};
const Problem bad_request{400, "request.malformed", "这不是 HTTP 请求。",
                          "This is not an HTTP request."};
const Problem header_too_large{431, "header.too_large", "请求头过长，上限 8 KiB。",
                               "The request header is too long; at most 8 KiB."};
const Problem body_too_large{
    413, "body.too_large", "请求正文过大：播出记录上限 64 KiB，画面上限 200 KiB。请分批发送。",
    "The body is too large: at most 64 KiB of plays, or a 200 KiB picture. Send less at a time."};
const Problem no_such_path{404, "path.unknown", "没有这个地址。",
                           "There is nothing at this address."};
const Problem no_such_method{405, "method.wrong", "这个地址不接受此方法。",
                             "This address does not take this method."};
const Problem bad_place{404, "place.malformed",
                        "点位编号只能有 1 到 64 个小写字母、数字、-、_ 和 .。",
                        "A place id has 1 to 64 of a–z, 0–9, -, _ and ."};
const Problem unknown_place{
    404, "place.unknown", "这个点位从未有过排期，请检查大屏地址中的点位编号。",
    "Nothing was ever planned for this place; check the place id in the screen's address."};
const Problem unknown_media{404, "media.unknown", "当前排期中没有这个文件。",
                            "No item that is kept here uses this file."};
const Problem media_gone{503, "media.gone", "成品文件读不出来，请在素材库检查。",
                         "The house file cannot be read; check it in the library."};
const Problem bad_range{416, "range.outside", "请求的范围超出文件。",
                        "The range lies outside the file."};
const Problem not_json_type{415, "type.not_json", "请以 application/json 发送。",
                            "Send it as application/json."};
const Problem not_json{400, "json.malformed", "正文不是合法的 JSON。", "The body is not JSON."};
const Problem not_object{422, "json.not_object", "正文须是 JSON 对象。",
                         "The body must be a JSON object."};
const Problem unknown_member{422, "json.unknown_member", "有不认识的字段。",
                             "There is a member that is not known here."};
const Problem bad_session{422, "session.malformed", "session 须有 8 到 64 个字母、数字或 -。",
                          "session must have 8 to 64 letters, digits or -."};
const Problem bad_records{422, "records.missing", "records 须是非空数组。",
                          "records must be an array that is not empty."};
const Problem too_many_records{422, "records.too_many", "一次最多 200 条记录。",
                               "At most 200 records at a time."};
const Problem bad_record{422, "record.not_object", "每条记录须是 JSON 对象。",
                         "Each record must be a JSON object."};
const Problem bad_seq{422, "seq.malformed", "seq 须是从 1 起的整数。",
                      "seq must be an integer from 1."};
const Problem seq_gap{422, "seq.gap", "同一批记录的 seq 须逐一递增。",
                      "Within a batch each seq must be one more than the one before."};
const Problem bad_placement{422, "placement.malformed", "placement 须是 1 到 200 字节的字符串。",
                            "placement must be a string of 1 to 200 bytes."};
const Problem bad_time{422, "time.malformed", "start 和 end 须是整数毫秒（UTC）。",
                       "start and end must be integers, milliseconds UTC."};
const Problem time_order{422, "time.order", "end 不能早于 start，且不超过 24 小时。",
                         "end may not be before start, nor more than 24 hours after it."};
const Problem future_time{422, "time.future", "记录的时间还没有到，请校准大屏时钟。",
                          "The record is about a time that has not come; set the screen's clock."};
const Problem bad_outcome{422, "outcome.unknown", "outcome 须为 complete、partial 或 failed。",
                          "outcome must be complete, partial or failed."};
const Problem bad_reason{422, "reason.malformed", "reason 须是不超过 100 字节的字符串。",
                         "reason must be a string of at most 100 bytes."};
const Problem bad_number{422, "number.malformed", "visible_ms 和 frames 须是非负整数。",
                         "visible_ms and frames must be integers from 0."};
const Problem bad_sha256{422, "sha256.malformed", "sha256 须是 64 位小写十六进制，或为空。",
                         "sha256 must be 64 lower-case hexadecimal digits, or empty."};
const Problem not_jpeg_type{415, "type.not_jpeg", "请以 image/jpeg 发送。",
                            "Send it as image/jpeg."};
const Problem not_jpeg{422, "picture.not_jpeg", "这不是完整的 JPEG 图片。",
                       "This is not a whole JPEG picture."};
const Problem not_stored{503, "store.unavailable", "暂时无法保存，请稍后重发。",
                         "It cannot be stored at the moment; send it again later."};
const Problem broken{500, "plugin.exception", "大屏服务出错，已写入日志。",
                     "The screens' service failed; its log says why."};

}  // namespace problems
}  // namespace civicast::screens
