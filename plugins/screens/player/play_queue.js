// SPDX-License-Identifier: Apache-2.0
// Records of plays, from the moment they are made until the server has them on disk. A record and
// its sequence number are written together, with strict durability, before anything is sent; a
// record leaves only when the server says that it is stored.
const batch = 100;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const settled = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = resolve;
  transaction.onabort = () => reject(transaction.error);
});

export class PlayQueue {
  #place;
  #database;
  #session;
  #sending = null;

  static async open(place) {
    const queue = new PlayQueue();
    queue.#place = place;
    const request = indexedDB.open(`civicast-screen-${place}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('records', { keyPath: 'seq' });
      request.result.createObjectStore('names');
    };
    queue.#database = await done(request);
    queue.#session = await queue.#load_session();
    return queue;
  }

  #write(stores) { return this.#database.transaction(stores, 'readwrite', { durability: 'strict' }); }

  /// One session is one browser profile: numbers go on over reloads, and begin again at 1 only
  /// where the browser lost its memory.
  async #load_session() {
    const transaction = this.#write(['names']);
    const names = transaction.objectStore('names');
    let session = await done(names.get('session'));
    if (!session) {
      session = crypto.randomUUID();
      names.put(session, 'session');
      names.put(0, 'seq');
    }
    await settled(transaction);
    return session;
  }

  async add(record) {
    const transaction = this.#write(['names', 'records']);
    const names = transaction.objectStore('names');
    const seq = (await done(names.get('seq'))) + 1;
    names.put(seq, 'seq');
    transaction.objectStore('records').add({ ...record, seq });
    await settled(transaction);
  }

  /// Sends what is there; one sender at a time. Whatever goes wrong, the records stay.
  send() {
    this.#sending ??= this.#send().catch((error) => console.warn('plays', error)).finally(() => { this.#sending = null; });
    return this.#sending;
  }

  async #send() {
    for (;;) {
      const records = await done(this.#database.transaction('records').objectStore('records').getAll(null, batch));
      if (records.length === 0) return;
      const run = records.slice(0, records.findIndex((record, i) => record.seq !== records[0].seq + i) >>> 0);
      const reply = await fetch(`/api/screens/${this.#place}/plays`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(10_000),
        body: JSON.stringify({ session: this.#session, records: run }),
      });
      if (reply.status === 422) await this.#set_aside(run, await reply.json());
      else if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
      else await this.#remove(IDBKeyRange.upperBound((await reply.json()).seq));
    }
  }

  async #remove(seqs) {
    const transaction = this.#write(['records']);
    transaction.objectStore('records').delete(seqs);
    await settled(transaction);
  }

  /// A record that the server will never take must not hold up the others. The gap that it leaves
  /// in the numbers tells the server that something is missing.
  async #set_aside(run, problem) {
    const index = Number(/^\/records\/(\d+)/.exec(problem.at ?? '')?.[1] ?? 0);
    console.error('plays', problem, run[index]);
    await this.#remove(run[index].seq);
  }
}
