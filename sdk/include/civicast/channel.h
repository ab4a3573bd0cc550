/* SPDX-License-Identifier: Apache-2.0
 *
 * The contract between Civicast and a channel plugin, in C99.
 *
 * A channel is handed placements and hands back facts. One plugin instance serves one channel, in
 * a process of its own (civicast-runner): it may block, use any library and, if it must, crash,
 * without hurting another channel. It may not lie: what it says is written into the ledger under
 * its name and version.
 *
 * Ownership  Whoever passes a pointer keeps it. It is valid until the call returns; the other side
 *            copies what it wants to keep. Nothing is freed across this border.
 * Threads    [plugin]  one thread; never two calls at once, never re-entered.
 *            [any]     any thread, at any time between open and close.
 * Errors     Say why through `notes`, then return a verdict. Nothing is thrown across this border.
 * Growth     Every struct begins with its `size` as its maker knew it; a reader looks at no field
 *            beyond it. Fields are only ever appended. Abilities beyond this file are extensions,
 *            asked for by "name/revision".
 * Time       int64_t nanoseconds since 1970, UTC; the house clock is host->now_ns, and a plugin
 *            asks no other clock what time it is (a test, or a simulated day, owns it).
 * Text       UTF-8, borrowed, not zero-terminated; {NULL, 0} is "none".
 */
#ifndef CIVICAST_CHANNEL_H
#define CIVICAST_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CIV_ABI_MAJOR 1
#define CIV_ABI_MINOR 0

typedef struct civ_text {
  const char *data;
  size_t size;
} civ_text;

/* What a call came to. */
typedef enum civ_verdict {
  CIV_DONE = 0,    /* it is so */
  CIV_REFUSED = 1, /* this placement can never go out here: fix the placement */
  CIV_UNREADY = 2, /* the channel's settings are wrong: fix the settings */
  CIV_LATER = 3,   /* not now: the host tries again, not before note.retry_after_ms */
  CIV_UNKNOWN = 4, /* it may or may not have gone out: the host will recall, never resend blindly */
  CIV_BROKEN = 5   /* the plugin itself is at fault */
} civ_verdict;

typedef enum civ_level { CIV_DEBUG = 0, CIV_INFO = 1, CIV_WARNING = 2, CIV_ERROR = 3 } civ_level;

/* Why. `code` is stable ("text.too_long"); `at` is a JSON pointer into the placement's body or the
 * settings ("/text"); `message` is a sentence for the operator; `detail` is for the engineer. */
typedef struct civ_note {
  uint32_t size;
  int32_t level; /* civ_level */
  int64_t retry_after_ms;
  civ_text code, at, message, detail;
} civ_note;

/* [any] during the call that it was handed to, not after. */
typedef struct civ_notes {
  void *self;
  void (*add)(const struct civ_notes *, const civ_note *);
} civ_notes;

/* A JSON document read by JSON pointer ("/title/zh"), so that a plugin needs no JSON library.
 * Absent or of another type: {NULL,0}, 0.0, 0, 0. [any] while the document is borrowed. */
typedef struct civ_doc {
  void *self;
  civ_text (*text)(const struct civ_doc *, const char *at); /* a string's value */
  double (*number)(const struct civ_doc *, const char *at);
  int32_t (*flag)(const struct civ_doc *, const char *at);  /* true is 1 */
  size_t (*count)(const struct civ_doc *, const char *at);  /* members of an array or object */
  civ_text (*json)(const struct civ_doc *, const char *at); /* the value as JSON text */
} civ_doc;

/* A house file: the only thing that is ever aired. `path` is local and readable. */
typedef struct civ_media {
  uint32_t size;
  civ_text path, sha256 /* hex */, mime;
  int64_t duration_ns; /* 0 for a still picture */
} civ_media;

/* One asset, planned for one time.
 *
 * `id` is the idempotency key: never reused, the same on every attempt.
 * `start_ns`..`end_ns` is when it is to be seen; equal for a post, which has no length.
 * `body` is {"kind":"placement"|"programme"|"filler", "title":{"zh","en"}, "text":{"zh","en"},
 *            "campaign":id, "class":"psa"|"information"|"promo"|"commercial"|"emergency",
 *            "asset":id, "places":[id…]}; "placement" is what campaigns count, the other two are
 * what a linear channel shows between breaks, and a filler may be looped and cut to its time. */
typedef struct civ_placement {
  uint32_t size;
  uint32_t attempt; /* from 1 */
  civ_text id;
  int64_t start_ns, end_ns;
  const civ_doc *body;
  const civ_media *const *media; /* pointers, so that civ_media may grow */
  size_t media_count;
} civ_placement;

typedef enum civ_fact_kind {
  CIV_ACCEPTED = 1, /* the channel has it and will air it without the host */
  CIV_STARTED = 2,  /* its first picture went out */
  CIV_AIRED = 3,    /* one complete airing; the only fact that counts */
  CIV_MISSED = 4,   /* it did not air, or not completely: `status` says how it went */
  CIV_WITHDRAWN = 5 /* taken back before it aired, on the host's word */
} civ_fact_kind;

/* How good the evidence is. Grades are never added together silently. */
typedef enum civ_evidence {
  CIV_MEASURED = 1, /* we sent the packets, we wrote the post, we saw the frame */
  CIV_REPORTED = 2, /* a platform or a player says so */
  CIV_INFERRED = 3  /* only the schedule says so */
} civ_evidence;

/* The ten status values of a SMPTE ST 2021 (BXF) as-run event. */
typedef enum civ_status {
  CIV_STATUS_NONE = 0, /* for accepted and started */
  CIV_AIRED_WITHOUT_DISCREPANCY = 1,
  CIV_TECHNICAL_DIFFICULTY = 2,
  CIV_DID_NOT_AIR = 3,
  CIV_AIRED_WITH_DURATION_DISCREPANCY = 4,
  CIV_AIRED_WITH_CONTENT_DISCREPANCY = 5,
  CIV_PREEMPTED = 6,
  CIV_JOINED_IN_PROGRESS = 7,
  CIV_INSERTED_BY_OPERATOR = 8,
  CIV_STATUS_UNKNOWN = 9,
  CIV_MISSING_CONTENT = 10
} civ_status;

/* (channel, placement, place, play, fact) names a fact: said twice, it is one fact.
 * `play` counts from 1 the times one placement was shown at one place.
 * `place` is the id of the place where it was seen; none is the channel's own place.
 * `remote` is what the far side calls it (a post's address); `proof` is a JSON object with what
 * was measured (frames, packets, hashes), kept in the ledger as it is, at most 8 KiB. */
typedef struct civ_fact {
  uint32_t size;
  int32_t fact;     /* civ_fact_kind */
  int32_t evidence; /* civ_evidence */
  int32_t status;   /* civ_status */
  uint32_t play;
  civ_text placement, place;
  int64_t start_ns, end_ns; /* what really was; equal for a post */
  civ_text remote, proof;
} civ_fact;

typedef struct civ_host {
  uint32_t size, abi_minor;
  void *self;
  civ_text locale;    /* "zh-CN" */
  civ_text state_dir; /* a directory of this channel's own, kept over restarts */
  int64_t (*now_ns)(const struct civ_host *);                    /* [any] */
  void (*log)(const struct civ_host *, int32_t level, civ_text); /* [any] */
  /* [any] The only way out: one-way, and all facts are on disk when it returns CIV_DONE.
   * CIV_LATER: the disk did not take them; keep them and emit them again. */
  int32_t (*emit)(const struct civ_host *, const civ_fact *const *facts, size_t count);
  const void *(*extension)(const struct civ_host *, const char *id); /* [any] */
} civ_host;

typedef struct civ_channel civ_channel; /* the plugin's own */

typedef struct civ_channel_api {
  uint32_t size, abi_minor;
  const char *id, *version; /* must equal plugin.json */
  /* [plugin] all of them. On anything but CIV_DONE, open leaves *channel alone. `host` stays valid
   * until close returns; `settings` only during open. */
  int32_t (*open)(const civ_host *host, const civ_doc *settings, const civ_notes *,
                  civ_channel **channel);
  void (*close)(civ_channel *);
  /* Could this placement be published? No side effects, same answer every time. What check
   * accepts, publish may not refuse for its content. */
  int32_t (*check)(civ_channel *, const civ_placement *, const civ_notes *);
  /* Take it in hand. A linear channel returns CIV_DONE once it has queued it, and emits later. */
  int32_t (*publish)(civ_channel *, const civ_placement *, const civ_notes *);
  /* Take it back. CIV_DONE: it will not air (CIV_WITHDRAWN was emitted). CIV_REFUSED: too late. */
  int32_t (*withdraw)(civ_channel *, civ_text placement, const civ_notes *);
  /* What became of it? CIV_DONE: everything known was emitted again. CIV_REFUSED: never heard of
   * it, so it is safe to send. CIV_UNKNOWN: heard of it and still cannot tell. */
  int32_t (*recall)(civ_channel *, civ_text placement, const civ_notes *);
  const void *(*extension)(const char *id); /* [any] NULL for what it does not have */
} civ_channel_api;

/* Extension "civicast.status/1" of a plugin: [plugin] how the channel is, as a JSON object for the
 * console ({"on_air":…,"counters":{…},"links":[…]}), written once. */
#define CIV_EXT_STATUS "civicast.status/1"
typedef struct civ_writer {
  void *self;
  void (*write)(const struct civ_writer *, civ_text json);
} civ_writer;
typedef struct civ_status_ext {
  uint32_t size;
  int32_t (*status)(civ_channel *, const civ_writer *);
} civ_status_ext;

/* Extension "civicast.handover/1" of a plugin (plugin.json: can.handover): [plugin] a successor, a
 * new version of this plugin, opens on the same state_dir as soon as this one is closed. The plugin
 * brings itself to a point from which the successor can go on as if nothing had happened (a sender
 * stops at a frame, and writes down which), and returns CIV_DONE; close follows at once, and may
 * end nothing that is on air. CIV_LATER: not now; it goes on as before and is asked again. */
#define CIV_EXT_HANDOVER "civicast.handover/1"
typedef struct civ_handover_ext {
  uint32_t size;
  int32_t (*hand_over)(civ_channel *, const civ_notes *);
} civ_handover_ext;

#if defined(__GNUC__)
#define CIV_EXPORT __attribute__((visibility("default")))
#else
#define CIV_EXPORT
#endif

/* The only symbol a plugin exports. The major version is in its name: another major is absent. */
CIV_EXPORT const civ_channel_api *civ_channel_entry_v1(void);

#ifdef __cplusplus
}
#endif
#endif /* CIVICAST_CHANNEL_H */
