/* SPDX-License-Identifier: Apache-2.0
 * Breaks the small rules, all of them in open: malformed facts and notes, too many and too long
 * notes from several threads, and DONE without a channel. */
#include <civicast/channel.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 4

static char long_text[5000];

static civ_fact good_fact(void) {
  civ_fact out;
  memset(&out, 0, sizeof out);
  out.size = sizeof out;
  out.fact = CIV_MISSED;
  out.evidence = CIV_MEASURED;
  out.status = CIV_DID_NOT_AIR;
  out.play = 1;
  out.placement.data = "p";
  out.placement.size = 1;
  return out;
}

/* What the host says of a good fact and of `bad`, emitted together. */
static void emit(const civ_host *host, civ_fact bad, int32_t expected) {
  const civ_fact good = good_fact();
  const civ_fact *facts[2];
  facts[0] = &good;
  facts[1] = &bad;
  if (host->emit(host, facts, 2) != expected) abort();
}

static void emit_malformed(const civ_host *host) {
  civ_fact fact = good_fact();
  const civ_fact *none[1] = {NULL};
  if (host->emit(host, none, 1) != CIV_BROKEN) abort();
  if (host->emit(host, NULL, 0) != CIV_DONE) abort();
  fact.size = sizeof fact - 1;
  emit(host, fact, CIV_BROKEN);
  fact = good_fact();
  fact.play = 0;
  emit(host, fact, CIV_BROKEN);
  fact = good_fact();
  fact.placement.data = NULL; /* with a size: none, not something at no address */
  emit(host, fact, CIV_BROKEN);
  fact = good_fact();
  fact.place.data = long_text;
  fact.place.size = CIV_MAX_ID_BYTES + 1;
  emit(host, fact, CIV_BROKEN);
  fact = good_fact();
  fact.status = CIV_MISSING_CONTENT + 1;
  emit(host, fact, CIV_BROKEN);
  fact = good_fact();
  fact.placement.data = long_text;
  fact.placement.size = CIV_MAX_ID_BYTES;
  fact.remote.data = long_text;
  fact.remote.size = CIV_MAX_REMOTE_BYTES + 1;
  emit(host, fact, CIV_DONE);
}

static void *add_notes(void *of_open) {
  const civ_notes *notes = of_open;
  int i;
  for (i = 0; i < CIV_MAX_NOTES; ++i) {
    civ_note note;
    memset(&note, 0, sizeof note);
    note.size = sizeof note;
    note.level = 77;
    note.message.data = long_text;
    note.message.size = sizeof long_text;
    notes->add(notes, &note);
  }
  return NULL;
}

static int32_t open_channel(const civ_host *host, const civ_doc *settings, const civ_notes *notes,
                            civ_channel **channel) {
  civ_note small;
  pthread_t threads[THREADS];
  int i;
  (void)settings;
  (void)channel;
  memset(long_text, 'x', sizeof long_text);
  emit_malformed(host);
  memset(&small, 0, sizeof small);
  small.size = sizeof small - 1;
  notes->add(notes, &small);
  for (i = 0; i < THREADS; ++i)
    if (pthread_create(&threads[i], NULL, add_notes, (void *)(uintptr_t)notes) != 0) abort();
  for (i = 0; i < THREADS; ++i)
    if (pthread_join(threads[i], NULL) != 0) abort();
  return CIV_DONE;
}

static void close_channel(civ_channel *channel) {
  (void)channel;
  abort(); /* there is none */
}

static int32_t hand(civ_channel *channel, const civ_placement *placement, const civ_notes *notes) {
  (void)channel;
  (void)placement;
  (void)notes;
  return CIV_BROKEN;
}

static int32_t ask(civ_channel *channel, civ_text placement, const civ_notes *notes) {
  (void)channel;
  (void)placement;
  (void)notes;
  return CIV_BROKEN;
}

static const void *extension(const char *id) {
  (void)id;
  return NULL;
}

const civ_channel_api *civ_channel_entry_v1(void) {
  static civ_channel_api api;
  api.size = sizeof api;
  api.id = "org.civicast.test.abi";
  api.version = "1.0.0";
  api.open = open_channel;
  api.close = close_channel;
  api.check = hand;
  api.publish = hand;
  api.withdraw = ask;
  api.recall = ask;
  api.extension = extension;
  return &api;
}
