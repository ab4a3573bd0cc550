/* SPDX-License-Identifier: Apache-2.0
 *
 * The contract between Civicast and a channel plugin, in C99: version 1.0, frozen.
 *
 * A channel is handed placements and hands back facts. One plugin instance serves one channel, in
 * a process of its own (civicast-runner): it may block, use any library and, if it must, crash,
 * without hurting another channel. It may not lie: what it says is written into the ledger under
 * its name and version.
 *
 * Ownership  Whoever passes a pointer keeps it. It is valid until the call returns, unless it says
 *            otherwise below; the other side copies what it wants to keep. Nothing is freed across
 *            this border.
 * Threads    [plugin]  one thread, the same from open to close; never two calls at once, never
 *                      re-entered.
 *            [any]     any thread, from the begin of open to the end of close.
 * Errors     Say why through `notes`, then return a verdict. Nothing is thrown across this border.
 * Absent     No pointer is NULL and no function of a table is NULL, unless this file says so.
 * Text       UTF-8, borrowed, not zero-terminated; {NULL, 0} is "none", and so is an empty one.
 *            Ids, "at" and other `const char *` are zero-terminated.
 * Time       int64_t nanoseconds since 1970, UTC; the house clock is host->now_ns, and a plugin
 *            asks no other clock what time it is (a test, or a simulated day, owns it). It may be
 *            set while you sleep: wait in short steps, and ask again.
 * Layout     64-bit, the platform's C layout. Enums cross as int32_t, so that their size is known.
 *
 * Growth     1. Every struct but civ_text begins with its `size`: whoever makes one zeroes it and
 *               writes sizeof of the struct that his header has. civ_text never changes.
 *            2. Members and functions are only ever appended, never in the padding of an older
 *               struct. None changes its type or meaning, none goes, no enum value either.
 *            3. A reader touches a member only if `size` covers it: CIV_HAS. What 1.0 has is always
 *               there; what a later minor appended may be missing, and then reads as zero. A struct
 *               that is shorter than in 1.0 is malformed.
 *            4. A value that a later minor adds to an enum is used only towards a side whose
 *               abi_minor knows it.
 *            5. Abilities beyond this file are extensions, asked for by "name/revision". What an id
 *               means never changes: another meaning is another revision. An id keeps its revision
 *               when it leaves its draft.
 * Versions   The major is in the entry's name: a host of another major does not find it.
 *            plugin.json's "abi" is the lowest version that the plugin can live with; a host of a
 *            lower minor refuses it before it loads it, with a sentence that names both. A plugin
 *            that uses a later minor only behind CIV_HAS says "1.0" and runs everywhere.
 *            civ_host.abi_minor and civ_channel_api.abi_minor are of the header that each was
 *            built with: to tell, not to refuse.
 *            Rationale: "pin the lowest version that has what you need" is what lets a plugin of
 *            today run in ten years, and one of then run here.
 *
 * The process that a plugin lives in
 *   Files      0 is empty; 1 and 2 are the host's log, line by line, never data; 3 is the host's
 *              socket: do not touch it. Close only what you opened, open with O_CLOEXEC.
 *              plugin.json's limits.open_files and limits.memory_mb hold for the whole process.
 *   Folder     The working directory is state_dir. It is yours but for `outbox`, `worker.lock` and
 *              `epoch`, which belong to runner and host. $CIVICAST_PLUGIN_DIR is where plugin.json
 *              lies; read it, never write there.
 *   Process    Leave alone what is the process's: signal handlers (the last words of a crash are
 *              told by them; SIGPIPE is ignored), the working directory, umask, locale,
 *              environment, resource limits. Block signals in threads of your own if you like.
 *              exit() and abort() are deaths like any other.
 *   Threads    You may have any number. All have ended when close returns: it joins them.
 *   Children   fork only to exec at once (posix_spawn); a child that goes on without exec would
 *              hold the host's socket. They stay in the process group, and are killed with it.
 *   Death      kill -9 and power cuts come at any moment. What must be known after them is on disk
 *              before you act on it; what was emitted is on disk already.
 *
 * The life of an instance
 *   entry -> open -> any number of check, publish, withdraw, recall and calls of extensions ->
 * close
 *   -> end of the process. A library is never unloaded, and one process opens one channel once.
 *   close comes only when no call is in hand, and nothing after it. An open that fails ends the
 *   process; the host begins another after 1, 2, 4 ... 60 s, and never gives up.
 *   A call that takes longer than plugin.json's limits is answered by the death of the process.
 *
 * What the host does with a verdict; publish is the one that matters
 *              publish                      recall                     withdraw       open
 *   DONE       waits for facts              waits for facts            it is taken    begins
 *   REFUSED    ends it as missed            sends it again if there    it stays       begins anew,
 *                                           is time, else missed                      later
 *   UNREADY    rests the channel 30 s,      asks again                 it stays       as REFUSED
 *              sends it again
 *   LATER      sends it again, not before   asks again                 asks again     as REFUSED
 *              note.retry_after_ms
 *   UNKNOWN    recalls                      a person must look; if     it stays       as REFUSED
 *                                           "publish" is "idempotent"
 *                                           it is sent again
 *   BROKEN     recalls                      asks again                 it stays       as REFUSED
 *   check is for people and plans: its verdict and notes are shown, and nothing else follows.
 *   A placement is sent a bounded number of times. When its time and limits.grace_s have passed
 *   without a final fact (aired, missed, withdrawn) it is recalled once more, then ended as
 *   missed, status unknown.
 *
 * What happens to a plugin that breaks a rule
 *   a verdict of no known value        is BROKEN
 *   death, or a call beyond its limit  UNKNOWN for the placement in hand, a new process; after two
 *                                      deaths with one placement in hand it is not sent again
 *   a malformed fact                   emit takes none of its facts and returns CIV_BROKEN
 *   a fact that cannot be (of what it was never given, at another time, against an earlier one)
 *                                      is kept in the ledger, disputed, with the plugin's name
 *   other rules                        undefined, like a wild pointer: the process is yours
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

/* Whether *pointer, a `type` made by somebody else, has `member`: CIV_HAS(civ_note, note, detail).
 */
#define CIV_HAS(type, pointer, member) \
  ((pointer)->size >= offsetof(type, member) + sizeof((pointer)->member))

/* Limits, in bytes. What is longer is cut; but a fact with a longer id is malformed. */
#define CIV_MAX_ID_BYTES 256            /* of a placement, of a place */
#define CIV_MAX_REMOTE_BYTES 2048       /* civ_fact.remote */
#define CIV_MAX_PROOF_BYTES 8192        /* civ_fact.proof; of a longer one the first KiB is kept */
#define CIV_MAX_NOTES 64                /* of one call; further ones are dropped */
#define CIV_MAX_NOTE_BYTES 4096         /* each text of a note */
#define CIV_MAX_NOTES_BYTES (64 * 1024) /* all texts of the notes of one call; the rest is cut */
#define CIV_MAX_LOG_BYTES 2000          /* one line of log */
#define CIV_MAX_STATUS_BYTES (256 * 1024) /* a status; a longer one is dropped */

typedef struct civ_text {
  const char *data;
  size_t size;
} civ_text;

/* What a call came to. */
typedef enum civ_verdict {
  CIV_DONE = 0,    /* it is so */
  CIV_REFUSED = 1, /* this placement can never go out here: fix the placement */
  CIV_UNREADY = 2, /* the channel's settings are wrong: fix the settings */
  CIV_LATER = 3,   /* not now, and nothing of it went out */
  CIV_UNKNOWN = 4, /* it may or may not have gone out: the host will recall, never resend blindly */
  CIV_BROKEN = 5   /* the plugin itself is at fault; of publish, it may have gone out */
} civ_verdict;

typedef enum civ_level { CIV_DEBUG = 0, CIV_INFO = 1, CIV_WARNING = 2, CIV_ERROR = 3 } civ_level;

/* Why. A call that is not DONE adds at least one.
 * `code` is stable and for programs ("text.too_long"); `at` is a JSON pointer into the placement's
 * body or the settings ("/text/zh"), none if it is about neither; `message` is a sentence for the
 * operator, Chinese then English: "没有文字。 · There is no text."; `detail` is for the engineer.
 * `retry_after_ms` counts with CIV_LATER only, up to an hour; 0: the host chooses, 2 to 30 s. */
typedef struct civ_note {
  uint32_t size;
  int32_t level; /* civ_level */
  int64_t retry_after_ms;
  civ_text code, at, message, detail;
} civ_note;

/* [any] during the call that it was handed to, not after. */
typedef struct civ_notes {
  uint32_t size;
  void *self; /* the maker's, here and below: leave it alone */
  void (*add)(const struct civ_notes *, const civ_note *);
} civ_notes;

/* A JSON document, an object, read by JSON pointer ("/title/zh"; "" or NULL is all of it), so that
 * a plugin needs no JSON library. Absent, or of another type: {NULL,0}, 0.0, 0.
 * [any] while the document is borrowed; what it returns is valid as long. */
typedef struct civ_doc {
  uint32_t size;
  void *self;
  civ_text (*text)(const struct civ_doc *, const char *at); /* a string's value */
  double (*number)(const struct civ_doc *, const char *at);
  int64_t (*integer)(const struct civ_doc *, const char *at); /* exact, as instants need it */
  int32_t (*flag)(const struct civ_doc *, const char *at);    /* true is 1 */
  size_t (*count)(const struct civ_doc *, const char *at);    /* members of an array or object */
  civ_text (*name)(const struct civ_doc *, const char *at,
                   size_t index);                           /* of an object's member */
  civ_text (*json)(const struct civ_doc *, const char *at); /* as JSON text; none: it is absent */
} civ_doc;

/* A house file: the only thing that is ever aired. `path` is local, readable, and stays so until
 * the placement has ended. */
typedef struct civ_media {
  uint32_t size;
  civ_text path, sha256 /* hex */, mime;
  int64_t duration_ns; /* 0 for a still picture */
} civ_media;

/* One asset, planned for one time.
 *
 * `id` is the idempotency key: never reused, the same on every attempt. A plan that changes is a
 * withdraw and another id. Handed again, a placement that the plugin has is no second one: it says
 * DONE, and emits what it knows.
 * `start_ns`..`end_ns` is when it is to be seen; equal for a post, which has no length. It may come
 * late: what can no longer air within its time (for a post: and limits.grace_s) is REFUSED, or DONE
 * and CIV_MISSED; it is not aired.
 * `media`, all of them, in the order in which they are shown; none for a text. Pointers, so that
 * civ_media may grow.
 *
 * `body` is {"kind", "title":{"zh","en"}, "text":{"zh","en"}, "asset":id, "places":[id...],
 *            "campaign":id, "class":"psa"|"information"|"promo"|"commercial"|"emergency",
 *            "break":{"id"}, "live":url}
 *   kind     "placement": what campaigns count; only it has campaign, class and break
 *            "programme", "filler": what a linear channel shows between breaks; a filler may be
 *            looped, and cut to its time
 *            "bulletin": an emergency message. It may overlap others, and pre-empts what is on
 *            air, which ends as CIV_MISSED, CIV_PREEMPTED
 *            A plugin refuses a kind that it cannot air as it is meant.
 *   places   where it is to be seen, of the channel's places; empty: everywhere
 *   break    placements of one break have one id, and follow one another
 *   live     of a programme: the signal to pass on while it lasts, udp://, srt:// or
 *            http(s)://….m3u8, in the channel's house format; `media`, if any, is shown without it
 * Any member may be absent, and reads as none; later hosts may add members, here and in the
 * objects: a plugin ignores what it does not know. What is added is never a condition. */
typedef struct civ_placement {
  uint32_t size;
  uint32_t attempt; /* from 1 */
  civ_text id;
  int64_t start_ns, end_ns;
  const civ_doc *body;
  const civ_media *const *media; /* NULL if there are none */
  size_t media_count;
} civ_placement;

/* In this order for one play; each but accepted may be left out, aired excludes missed. */
typedef enum civ_fact_kind {
  CIV_ACCEPTED = 1, /* the channel has it and will air it without the host */
  CIV_STARTED = 2,  /* its first picture went out */
  CIV_AIRED = 3,    /* one complete airing; the only fact that counts */
  CIV_MISSED = 4,   /* it did not air, or not completely: `status` says how it went */
  CIV_WITHDRAWN = 5 /* taken back before it aired, on the host's word */
} civ_fact_kind;

/* How good the evidence is. Grades are never added together silently. Of what was on air no better
 * one than plugin.json's can.evidence; of accepted and withdrawn, which are the plugin's own word,
 * any. */
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

/* (channel, placement, place, play, fact) names a fact: said twice, it is one fact. So a plugin
 * that is not sure says it again.
 * `play` counts from 1 the times one placement was shown at one place; 0 is malformed.
 * `place` is the id of the place where it was seen; none is the channel's own place.
 * `start_ns`..`end_ns` is what really was, by the house clock; equal for a post. For accepted it is
 * the plan.
 * `remote` is what the far side calls it (a post's address); `proof` is a JSON object with what
 * was measured (frames, packets, hashes), kept in the ledger as it is. */
typedef struct civ_fact {
  uint32_t size;
  int32_t fact;     /* civ_fact_kind */
  int32_t evidence; /* civ_evidence */
  int32_t status;   /* civ_status */
  uint32_t play;
  civ_text placement, place;
  int64_t start_ns, end_ns;
  civ_text remote, proof;
} civ_fact;

/* Valid until close returns, with all that it points to; after an open that failed, until that
 * returns. */
typedef struct civ_host {
  uint32_t size, abi_minor;
  void *self;
  civ_text locale;    /* "zh-CN" */
  civ_text state_dir; /* a directory of this channel's own, kept over restarts */
  int64_t (*now_ns)(const struct civ_host *); /* [any] */
  /* [any] One line; line breaks become spaces. It never waits: the host may lose lines of a plugin
   * that writes more than it reads. No secrets. */
  void (*log)(const struct civ_host *, int32_t level, civ_text);
  /* [any] The only way out, also during open and close. One-way: it waits for the disk, not for
   * the host. All of the facts or none. The host has those of a call before its answer.
   * CIV_DONE    all are on disk, and will reach the ledger, whatever dies. Forget them.
   * CIV_LATER   the disk did not take them; keep them and emit them again.
   * CIV_BROKEN  one is malformed; again would not help. The log says which. */
  int32_t (*emit)(const struct civ_host *, const civ_fact *const *facts, size_t count);
  /* [any] The host's table for an id; NULL: it has none. Valid as long as the host. */
  const void *(*extension)(const struct civ_host *, const char *id);
} civ_host;

typedef struct civ_channel civ_channel; /* the plugin's own */

/* Static: it and all that it points to are valid until the process ends. */
typedef struct civ_channel_api {
  uint32_t size, abi_minor;
  const char *id, *version; /* must equal plugin.json */
  /* [plugin] Begins. `settings` are plugin.json's, typed, checked and with their defaults, and are
   * borrowed until open returns. DONE: *channel is set, not NULL, and close will be called once.
   * Else *channel is left alone and nothing is left behind. Facts of earlier lives may be emitted.
   */
  int32_t (*open)(const civ_host *host, const civ_doc *settings, const civ_notes *,
                  civ_channel **channel);
  /* [plugin] Ends: no thread, child or lock is left when it returns. What is on air may stop, and
   * is told as it was: not aired unless complete. After 2 s the process is ended anyway. */
  void (*close)(civ_channel *);
  /* [plugin] Could this placement be published? No side effects, no facts, same answer every time.
   * What check accepts, publish may not refuse for its content. */
  int32_t (*check)(civ_channel *, const civ_placement *, const civ_notes *);
  /* [plugin] Take it in hand. DONE: it has been, or will be, aired without the host, and every end
   * of it will be emitted, after a restart too. A linear channel returns as soon as it has queued
   * it (CIV_ACCEPTED); one that sends at once emits CIV_AIRED and returns. If it went out but emit
   * was not DONE, it is UNKNOWN. */
  int32_t (*publish)(civ_channel *, const civ_placement *, const civ_notes *);
  /* [plugin] Take it back; only if plugin.json's can.withdraw is not false. DONE: it will not air
   * (CIV_WITHDRAWN was emitted); or, with "always", it aired and has been removed (an airing that
   * was is still one: no fact). REFUSED: too late, or never heard of it. */
  int32_t (*withdraw)(civ_channel *, civ_text placement, const civ_notes *);
  /* [plugin] What became of it? It may have been handed to an earlier life of this channel; only if
   * plugin.json says can.recall. DONE: I have it, and all that is known was emitted again.
   * REFUSED: never heard of it, nothing went out, so it is safe to send. UNKNOWN: cannot tell. */
  int32_t (*recall)(civ_channel *, civ_text placement, const civ_notes *);
  /* [any] The plugin's table for an id, static as this one; NULL for what it does not have. Also
   * before open, and without side effects. */
  const void *(*extension)(const char *id);
} civ_channel_api;

/* Extension "civicast.status/1" of a plugin: how the channel is, as a JSON object for the console,
 * about once a second. Sections that the console knows, all of them optional: "on_air", "notice",
 * "outputs", "inputs", "cues", "checks", "counters", "links" (wire/PROTOCOL.md, "Status").
 * [plugin] DONE: it was written, once. `writer` is borrowed for the call. */
#define CIV_EXT_STATUS "civicast.status/1"
typedef struct civ_writer {
  uint32_t size;
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
 * end nothing that is on air. CIV_LATER, and all else: not now; it goes on as before and is asked
 * again. */
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

/* The only symbol a plugin exports. Called once, before open, from the [plugin] thread; no side
 * effects: another process may still serve this channel, with the same state_dir. NULL is refused.
 * Rationale: a second symbol would meet the same one of another library.
 */
CIV_EXPORT const civ_channel_api *civ_channel_entry_v1(void);

#ifdef __cplusplus
}
#endif
#endif /* CIVICAST_CHANNEL_H */
