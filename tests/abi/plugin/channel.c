/* SPDX-License-Identifier: Apache-2.0
 * A channel in plain C99 that uses all of 1.0 and says in its facts what it was handed. Built with
 * the header of each time: whatever the two sides were built with, it must say the same. */
#include <civicast/channel.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct civ_channel {
  const civ_host *host;
  int published;
};

static civ_channel the_channel;

static civ_text text(const char *string) {
  civ_text out = {string, strlen(string)};
  return out;
}

static int is(civ_text a, const char *b) {
  return a.size == strlen(b) && memcmp(a.data, b, a.size) == 0;
}

#define SAY(text) (int)(text).size, (text).data ? (text).data : ""

static int32_t tell(const civ_notes *notes, int32_t verdict, const char *code) {
  civ_note note;
  memset(&note, 0, sizeof note);
  note.size = sizeof note;
  note.level = CIV_WARNING;
  note.retry_after_ms = verdict == CIV_LATER ? 1500 : 0;
  note.code = text(code);
  note.at = text("/text/en");
  note.message = text("中文。 · English.");
  note.detail = text("for the engineer");
#if CIV_ABI_MINOR >= 1
  note.tomorrow = 7;
  note.tomorrow_text = text("appended");
#endif
  notes->add(notes, &note);
  return verdict;
}

static civ_fact fact(int32_t kind, civ_text placement, int64_t start_ns, int64_t end_ns) {
  civ_fact out;
  memset(&out, 0, sizeof out);
  out.size = sizeof out;
  out.fact = kind;
  out.evidence = CIV_MEASURED;
  out.play = 1;
  out.placement = placement;
  out.start_ns = start_ns;
  out.end_ns = end_ns;
#if CIV_ABI_MINOR >= 1
  out.tomorrow = 7;
  out.tomorrow_text = text("appended");
#endif
  return out;
}

static int32_t emit(const civ_fact *first, const civ_fact *second) {
  const civ_fact *facts[2];
  facts[0] = first;
  facts[1] = second;
  return the_channel.host->emit(the_channel.host, facts, second ? 2 : 1);
}

static int32_t open_channel(const civ_host *host, const civ_doc *settings, const civ_notes *notes,
                            civ_channel **channel) {
  char line[256];
  if (settings->flag(settings, "/refuse")) return tell(notes, CIV_UNREADY, "abi.unready");
  the_channel.host = host;
#if defined(GREEDY)
  host->log(host, CIV_INFO, text(host->tomorrow == 0 ? "a lucky look" : "an unlucky look"));
#elif CIV_ABI_MINOR >= 1
  if (CIV_HAS(civ_host, host, tomorrow_call))
    host->log(host, CIV_INFO, text(host->tomorrow == 0 ? "newer host" : "newer host, not zeroed"));
  else
    host->log(host, CIV_INFO, text("older host"));
#else
  host->log(host, CIV_INFO, text("no idea of tomorrow"));
#endif
  snprintf(line, sizeof line, "open in %.*s, minor %s, %s", SAY(host->locale),
           host->abi_minor <= CIV_ABI_MINOR + 1 ? "known" : "odd",
           host->extension(host, "org.civicast.nothing/1") ? "extended" : "plain");
  host->log(host, CIV_INFO, text(line));
  *channel = &the_channel;
  return host->now_ns(host) > 0 ? CIV_DONE : CIV_BROKEN;
}

static void close_channel(civ_channel *channel) {
  channel->host->log(channel->host, CIV_INFO, text("closed"));
}

static int32_t check(civ_channel *channel, const civ_placement *placement, const civ_notes *notes) {
  (void)channel;
  if (is(placement->body->text(placement->body, "/text/en"), "refuse"))
    return tell(notes, CIV_REFUSED, "abi.refused");
  return CIV_DONE;
}

static int32_t publish(civ_channel *channel, const civ_placement *placement,
                       const civ_notes *notes) {
  const civ_doc *body = placement->body;
  const civ_media *last;
  civ_fact started, aired;
  char proof[1024];
  if (check(channel, placement, notes) != CIV_DONE) return CIV_REFUSED;
  if (is(body->text(body, "/text/en"), "later")) return tell(notes, CIV_LATER, "abi.later");
  if (placement->media_count == 0) return tell(notes, CIV_REFUSED, "abi.no_media");
  last = placement->media[placement->media_count - 1];
  snprintf(proof, sizeof proof,
           "{\"attempt\":%" PRIu32 ",\"count\":%zu,\"duration\":%" PRId64 ",\"integer\":%" PRId64
           ",\"mime\":\"%.*s\",\"name\":\"%.*s\",\"number\":%.2f"
           ",\"path\":\"%.*s\",\"places\":%.*s,\"sha256\":\"%.*s\"}",
           placement->attempt, placement->media_count, last->duration_ns,
           body->integer(body, "/exact"), SAY(last->mime), SAY(body->name(body, "/title", 1)),
           body->number(body, "/half"), SAY(last->path), SAY(body->json(body, "/places")),
           SAY(last->sha256));
  started = fact(CIV_STARTED, placement->id, placement->start_ns, placement->start_ns);
  aired = fact(CIV_AIRED, placement->id, placement->start_ns, placement->end_ns);
  aired.status = CIV_AIRED_WITHOUT_DISCREPANCY;
  aired.place = text("screen-1");
  aired.remote = text("https://example.org/1");
  aired.proof = text(proof);
  if (emit(&started, &aired) != CIV_DONE) return tell(notes, CIV_UNKNOWN, "abi.unheard");
  ++channel->published;
  return CIV_DONE;
}

static int32_t withdraw(civ_channel *channel, civ_text placement, const civ_notes *notes) {
  civ_fact gone = fact(CIV_WITHDRAWN, placement, 5, 5);
  (void)channel;
  gone.status = CIV_DID_NOT_AIR;
  return emit(&gone, NULL) == CIV_DONE ? CIV_DONE : tell(notes, CIV_LATER, "abi.unheard");
}

static int32_t recall(civ_channel *channel, civ_text placement, const civ_notes *notes) {
  civ_fact missed = fact(CIV_MISSED, placement, 6, 7);
  (void)channel;
  if (is(placement, "never")) return CIV_REFUSED;
  missed.evidence = CIV_INFERRED;
  missed.status = CIV_TECHNICAL_DIFFICULTY;
  missed.play = 3;
  return emit(&missed, NULL) == CIV_DONE ? CIV_DONE : tell(notes, CIV_UNKNOWN, "abi.unheard");
}

static int32_t status(civ_channel *channel, const civ_writer *writer) {
  char json[64];
  snprintf(json, sizeof json, "{\"published\":%d}", channel->published);
  writer->write(writer, text(json));
  return CIV_DONE;
}

static int32_t hand_over(civ_channel *channel, const civ_notes *notes) {
  (void)channel;
  return tell(notes, CIV_LATER, "abi.busy");
}

static const void *extension(const char *id) {
  static civ_status_ext status_ext;
  static civ_handover_ext handover_ext;
  status_ext.size = sizeof status_ext;
  status_ext.status = status;
  handover_ext.size = sizeof handover_ext;
  handover_ext.hand_over = hand_over;
  if (strcmp(id, CIV_EXT_STATUS) == 0) return &status_ext;
  if (strcmp(id, CIV_EXT_HANDOVER) == 0) return &handover_ext;
  return NULL;
}

const civ_channel_api *civ_channel_entry_v1(void) {
  static civ_channel_api api;
  api.size = sizeof api;
  api.abi_minor = CIV_ABI_MINOR;
  api.id = "org.civicast.test.abi";
  api.version = "1.0.0";
  api.open = open_channel;
  api.close = close_channel;
  api.check = check;
  api.publish = publish;
  api.withdraw = withdraw;
  api.recall = recall;
  api.extension = extension;
  return &api;
}
