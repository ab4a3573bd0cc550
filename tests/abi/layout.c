/* SPDX-License-Identifier: Apache-2.0
 * Prints where everything of the contract lies in memory. What a later minor appends is added here
 * behind #if CIV_ABI_MINOR, so that this file also compiles against the frozen headers. */
#include <civicast/channel.h>
#include <stdio.h>

#define ALIGN(type) \
  offsetof(         \
      struct {      \
        char c;     \
        type t;     \
      },            \
      t)
#define STRUCT(type) printf("struct %s size %zu align %zu\n", #type, sizeof(type), ALIGN(type))
#define FIELD(type, field)                                                          \
  printf("field %s.%s offset %zu size %zu\n", #type, #field, offsetof(type, field), \
         sizeof(((type *)0)->field))
#define ENUM(type) printf("enum %s size %zu align %zu\n", #type, sizeof(type), ALIGN(type))
#define VALUE(name) printf("value %s %d\n", #name, (int)name)

static void small_things(void) {
  VALUE(CIV_ABI_MAJOR);
  STRUCT(civ_text);
  FIELD(civ_text, data);
  FIELD(civ_text, size);
  STRUCT(civ_note);
  FIELD(civ_note, size);
  FIELD(civ_note, level);
  FIELD(civ_note, retry_after_ms);
  FIELD(civ_note, code);
  FIELD(civ_note, at);
  FIELD(civ_note, message);
  FIELD(civ_note, detail);
  STRUCT(civ_notes);
  FIELD(civ_notes, size);
  FIELD(civ_notes, self);
  FIELD(civ_notes, add);
  STRUCT(civ_doc);
  FIELD(civ_doc, size);
  FIELD(civ_doc, self);
  FIELD(civ_doc, text);
  FIELD(civ_doc, number);
  FIELD(civ_doc, integer);
  FIELD(civ_doc, flag);
  FIELD(civ_doc, count);
  FIELD(civ_doc, name);
  FIELD(civ_doc, json);
}

static void what_is_handed_over(void) {
  STRUCT(civ_media);
  FIELD(civ_media, size);
  FIELD(civ_media, path);
  FIELD(civ_media, sha256);
  FIELD(civ_media, mime);
  FIELD(civ_media, duration_ns);
  STRUCT(civ_placement);
  FIELD(civ_placement, size);
  FIELD(civ_placement, attempt);
  FIELD(civ_placement, id);
  FIELD(civ_placement, start_ns);
  FIELD(civ_placement, end_ns);
  FIELD(civ_placement, body);
  FIELD(civ_placement, media);
  FIELD(civ_placement, media_count);
  STRUCT(civ_fact);
  FIELD(civ_fact, size);
  FIELD(civ_fact, fact);
  FIELD(civ_fact, evidence);
  FIELD(civ_fact, status);
  FIELD(civ_fact, play);
  FIELD(civ_fact, placement);
  FIELD(civ_fact, place);
  FIELD(civ_fact, start_ns);
  FIELD(civ_fact, end_ns);
  FIELD(civ_fact, remote);
  FIELD(civ_fact, proof);
}

static void tables(void) {
  STRUCT(civ_host);
  FIELD(civ_host, size);
  FIELD(civ_host, abi_minor);
  FIELD(civ_host, self);
  FIELD(civ_host, locale);
  FIELD(civ_host, state_dir);
  FIELD(civ_host, now_ns);
  FIELD(civ_host, log);
  FIELD(civ_host, emit);
  FIELD(civ_host, extension);
  STRUCT(civ_channel_api);
  FIELD(civ_channel_api, size);
  FIELD(civ_channel_api, abi_minor);
  FIELD(civ_channel_api, id);
  FIELD(civ_channel_api, version);
  FIELD(civ_channel_api, open);
  FIELD(civ_channel_api, close);
  FIELD(civ_channel_api, check);
  FIELD(civ_channel_api, publish);
  FIELD(civ_channel_api, withdraw);
  FIELD(civ_channel_api, recall);
  FIELD(civ_channel_api, extension);
  STRUCT(civ_writer);
  FIELD(civ_writer, size);
  FIELD(civ_writer, self);
  FIELD(civ_writer, write);
  STRUCT(civ_status_ext);
  FIELD(civ_status_ext, size);
  FIELD(civ_status_ext, status);
  STRUCT(civ_handover_ext);
  FIELD(civ_handover_ext, size);
  FIELD(civ_handover_ext, hand_over);
}

static void values(void) {
  ENUM(civ_verdict);
  VALUE(CIV_DONE);
  VALUE(CIV_REFUSED);
  VALUE(CIV_UNREADY);
  VALUE(CIV_LATER);
  VALUE(CIV_UNKNOWN);
  VALUE(CIV_BROKEN);
  ENUM(civ_level);
  VALUE(CIV_DEBUG);
  VALUE(CIV_INFO);
  VALUE(CIV_WARNING);
  VALUE(CIV_ERROR);
  ENUM(civ_fact_kind);
  VALUE(CIV_ACCEPTED);
  VALUE(CIV_STARTED);
  VALUE(CIV_AIRED);
  VALUE(CIV_MISSED);
  VALUE(CIV_WITHDRAWN);
  ENUM(civ_evidence);
  VALUE(CIV_MEASURED);
  VALUE(CIV_REPORTED);
  VALUE(CIV_INFERRED);
  ENUM(civ_status);
  VALUE(CIV_STATUS_NONE);
  VALUE(CIV_AIRED_WITHOUT_DISCREPANCY);
  VALUE(CIV_TECHNICAL_DIFFICULTY);
  VALUE(CIV_DID_NOT_AIR);
  VALUE(CIV_AIRED_WITH_DURATION_DISCREPANCY);
  VALUE(CIV_AIRED_WITH_CONTENT_DISCREPANCY);
  VALUE(CIV_PREEMPTED);
  VALUE(CIV_JOINED_IN_PROGRESS);
  VALUE(CIV_INSERTED_BY_OPERATOR);
  VALUE(CIV_STATUS_UNKNOWN);
  VALUE(CIV_MISSING_CONTENT);
}

int main(void) {
  small_things();
  what_is_handed_over();
  tables();
  values();
  return 0;
}
