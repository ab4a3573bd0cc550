# SPDX-License-Identifier: Apache-2.0
"""公告 Notice: a channel whose posts are files in a folder, put there at their time.

A worker in another language: written from sdk/wire/PROTOCOL.md alone, with nothing but Python's own
library. To begin a channel of your own, keep Wire, Book and main, and replace Board.
"""
import html
import json
import os
import re
import select
import socket
import sqlite3
import struct
import sys
import threading
import time
import traceback
from hashlib import sha256
from pathlib import Path

DONE, REFUSED, UNREADY, LATER, UNKNOWN, BROKEN = range(6)
MANIFEST = json.loads((Path(os.environ["CIVICAST_PLUGIN_DIR"]) / "plugin.json").read_bytes())
GRACE_NS = MANIFEST["limits"]["grace_s"] * 10**9


class Trouble(Exception):
    """Why something is not DONE: a code that stays the same, a sentence for the operator."""

    def __init__(self, verdict, code, message, at="", detail=""):
        super().__init__(message)
        self.verdict = verdict
        self.note = {"level": 3, "code": code, "message": message, "at": at, "detail": detail}


class Wire:
    """Frames on file descriptor 3, and a sign of life each second whatever else goes on."""

    def __init__(self):
        self.socket = socket.socket(fileno=3)
        self.sending = threading.Lock()
        self.in_hand = (0, None)  # the call, and since when

    def say(self, message):
        text = json.dumps(message, ensure_ascii=False).encode()
        with self.sending:
            self.socket.sendall(struct.pack(">I", len(text)) + text)

    def hear(self, seconds):
        """The host's next message, or None if it says nothing for so long."""
        if not select.select([self.socket], [], [], seconds)[0]:
            return None
        (length,) = struct.unpack(">I", self.read(4))
        if length > 1024 * 1024:
            sys.exit("<3>a frame over the limit")
        return json.loads(self.read(length))

    def read(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                sys.exit(0)  # the host is gone; what it does not have yet is in the book
            data += piece
        return data

    def live(self):
        while True:
            time.sleep(1)
            call, since = self.in_hand
            busy_ms = -1 if since is None else int((time.monotonic() - since) * 1000)
            try:
                self.say({"alive": 1, "call": call, "busy_ms": busy_ms})
            except OSError:
                return  # the host is gone: hear() sees it too


class Book:
    """The posts, and the outbox: facts are on disk, with what they say, before they are sent."""

    def __init__(self):
        # A worker whose host was killed is about to end; it is waited for, as it holds the lock.
        self.db = sqlite3.connect("notice.db", timeout=4)
        self.db.executescript("""
            PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, fact TEXT);
            CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, post TEXT, due INTEGER);
            CREATE INDEX IF NOT EXISTS held ON posts (due) WHERE due IS NOT NULL;""")
        self.sent = 0

    def last_seq(self):
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        return row[0] if row else 0

    def acked(self, seq):
        # On disk with the next fact; lost before that, facts are said twice, which is once.
        self.db.execute("DELETE FROM outbox WHERE seq <= ?", (seq,))

    def unsent(self):
        rows = self.db.execute("SELECT seq, fact FROM outbox WHERE seq > ? ORDER BY seq", (self.sent,))
        for self.sent, fact in rows.fetchall():
            yield {"seq": self.sent, "facts": [json.loads(fact)]}

    def find(self, post_id):
        row = self.db.execute("SELECT post FROM posts WHERE id = ?", (post_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def held(self):
        rows = self.db.execute("SELECT post FROM posts WHERE due IS NOT NULL ORDER BY due")
        return [json.loads(post) for (post,) in rows.fetchall()]

    def keep(self, post, fact):
        """What is known of the post, and the fact that says so: both or neither."""
        due = post["start"] if post["state"] == "held" else None
        with self.db:
            self.db.execute("INSERT OR REPLACE INTO posts VALUES (?, ?, ?)",
                            (post["id"], json.dumps(post), due))
            self.db.execute("INSERT INTO outbox (fact) VALUES (?)", (json.dumps(fact),))


class Board:
    """The folder. A post is held until its time, and then posted; or withdrawn, or missed."""

    FACTS = {"held": ("accepted", "none"), "posted": ("aired", "aired_without_discrepancy"),
             "withdrawn": ("withdrawn", "did_not_air"), "missed": ("missed", "did_not_air")}

    def __init__(self, settings, book, now_ns):
        self.folder, self.format = Path(a_text(settings, "folder")), a_text(settings, "format")
        self.book, self.now_ns = book, now_ns
        try:
            if not self.folder.exists():
                self.folder.mkdir(parents=True)
                self.folder.chmod(0o755)  # for everybody to read; a worker's umask is 077
        except OSError as error:
            raise Trouble(UNREADY, "folder.unusable", "无法使用此文件夹。 · The folder cannot be used.",
                          "/folder", str(error)) from None

    def check(self, placement):
        if placement["body"].get("kind", "placement") not in ("placement", "bulletin"):
            raise Trouble(REFUSED, "kind.unsupported", "这里只放公告。 · Only notices go here.", "/kind")
        if not words(placement, "title") + words(placement, "text"):
            raise Trouble(REFUSED, "text.empty", "公告没有文字。 · The notice has no words.", "/text")

    def publish(self, placement):
        self.check(placement)
        post = self.book.find(placement["id"])
        if not post and placement["end"] + GRACE_NS < self.now_ns():
            raise Trouble(REFUSED, "post.late", "已过发布时间。 · Its time has passed.")
        self.become(post or {
            "id": placement["id"], "state": "held", "start": placement["start"],
            "end": placement["end"], "title": words(placement, "title"),
            "text": words(placement, "text")})

    def withdraw(self, placement):
        post = self.book.find(placement["id"])
        if not post or post["state"] not in ("held", "withdrawn"):
            raise Trouble(REFUSED, "withdraw.late", "已贴出，或从未收到。 · It is up, or never came.")
        self.become(post, "withdrawn")

    def recall(self, placement):
        post = self.book.find(placement["id"])
        if not post:
            raise Trouble(REFUSED, "post.unknown", "从未收到这条公告。 · It never came.")
        self.become(post)

    def status(self, _):
        return {"status": {"counters": {"held": len(self.book.held())}}}

    def handover(self, _):
        pass  # a successor finds everything in the book, at any time

    def become(self, post, state=None):
        """Writes down what the post is now, and says it; said twice, it is one fact."""
        if state and post["state"] == "held":
            post = {**post, "state": state, "at": self.now_ns()}
        fact, status = self.FACTS[post["state"]]
        start, end = (post["start"], post["end"]) if fact == "accepted" else (post["at"], post["at"])
        said = {"fact": fact, "evidence": "measured", "status": status, "placement": post["id"],
                "play": 1, "start": start, "end": end}
        if fact == "aired":
            said.update(remote=post["file"], proof=post["proof"])
        self.book.keep(post, said)

    def tick(self):
        """Does what is due. Returns after how many seconds, at most, it is to be asked again."""
        wait = 1.0
        for post in self.book.held():
            if self.now_ns() < post["start"]:
                wait = min(wait, (post["start"] - self.now_ns()) / 10**9)
            elif self.now_ns() > post["end"] + GRACE_NS:
                self.become(post, "missed")
            else:  # a file of a name of its own: put up again after a crash, it is one notice
                page = self.page(post).encode()
                write_whole(self.folder / self.file_of(post), page)
                proof = {"bytes": len(page), "sha256": sha256(page).hexdigest()}
                self.become({**post, "file": self.file_of(post), "proof": proof}, "posted")
        return max(wait, 0)

    def page(self, post):
        if self.format == "txt":
            return "\n".join(post["title"] + [""] + post["text"]) + "\n"
        lines = [f"<h1>{html.escape(line)}</h1>" for line in post["title"]]
        lines += [f"<p>{html.escape(line)}</p>" for line in post["text"]]
        return '<!DOCTYPE html>\n<meta charset="utf-8">\n' + "\n".join(lines) + "\n"

    def file_of(self, post):
        is_name = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", post["id"])
        name = post["id"] if is_name else "~" + sha256(post["id"].encode()).hexdigest()
        return f"{name}.{self.format}"


def a_text(settings, name):
    """A setting. The host has checked it against plugin.json; this is for one that has not."""
    if not isinstance(settings.get(name), str) or "\0" in settings[name]:
        raise Trouble(UNREADY, "setting.wrong", "此项设置无效。 · This setting is not valid.", f"/{name}")
    return settings[name]


def words(placement, part):
    """In both languages, as far as they are there and are texts."""
    given = placement["body"].get(part)
    given = given if isinstance(given, dict) else {}
    return [given[key] for key in ("zh", "en") if given.get(key) and isinstance(given[key], str)]


def whole(number):
    """A number of the protocol; a database would take anything else, too."""
    return number if type(number) is int else sys.exit("<3>the host says no whole number")


def write_whole(path, data):
    """The file is there, whole, or it is not; once it is there, a power cut does not take it."""
    begun = path.with_name("." + path.name + ".new")
    with open(begun, "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())
    os.replace(begun, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def answer(board, call):
    """What the call came to, whatever happens in it."""
    does = {"check": board.check, "publish": board.publish, "withdraw": board.withdraw,
            "recall": board.recall, "status": board.status, "handover": board.handover}
    try:
        if call["call"] not in does:
            raise Trouble(BROKEN, "call.unknown", "没有这种请求。 · There is no such call.")
        return {"verdict": DONE, **(does[call["call"]](call.get("placement")) or {})}
    except Trouble as trouble:
        return {"verdict": trouble.verdict, "notes": [trouble.note]}
    except (OSError, sqlite3.Error) as error:
        note = {"code": "disk.failed", "message": "磁盘写不进去。 · The disk does not take it."}
        return {"verdict": LATER, "notes": [{**note, "detail": str(error)}]}
    except Exception:
        note = {"code": "plugin.exception", "message": "插件出错。 · The plugin failed."}
        return {"verdict": BROKEN, "notes": [{**note, "detail": traceback.format_exc()[-2000:]}]}


def serve(wire, book, board, message):
    """Answers one message, its facts first; returns the board, once there is one."""
    reply = None
    if "call" in message and board:
        wire.in_hand = (message["id"], time.monotonic())
        reply = {"re": message["id"], **answer(board, message)}
    elif "welcome" in message:
        book.acked(whole(message["acked"]))
        offset_ns = message["clock_offset_ns"]
        try:
            board = Board(message["open"]["settings"], book, lambda: time.time_ns() + offset_ns)
            reply = {"re": 0, "verdict": DONE}
        except Trouble as trouble:
            reply = {"re": 0, "verdict": trouble.verdict, "notes": [trouble.note]}
    elif "acked" in message:
        book.acked(whole(message["acked"]))
    elif "bye" in message:
        book.db.commit()
        sys.exit(0)  # everything is on disk, and was sent
    else:
        sys.exit("<3>the host says what the protocol does not know")
    if reply:
        for batch in book.unsent():
            wire.say(batch)
        wire.say(reply)
        wire.in_hand = (0, None)
    return board


def main():
    wire = Wire()
    try:
        book = Book()
    except sqlite3.Error as error:
        note = {"code": "book.unusable", "message": f"无法使用频道目录。 · The folder is unusable: {error}"}
        wire.say({"bye": 1, "notes": [note]})
        sys.exit(1)
    wire.say({"hello": MANIFEST["id"], "version": MANIFEST["version"], "abi": MANIFEST["abi"],
              "wire": 1, "epoch": 0, "outbox": book.last_seq()})
    threading.Thread(target=wire.live, daemon=True).start()
    board, wait = None, 1.0
    while True:
        message = wire.hear(wait)
        if message is not None:
            board = serve(wire, book, board, message)
        if board:
            try:
                wait = board.tick()
            except (OSError, sqlite3.Error) as error:
                wait = 1.0
                print(f"<3>a notice must wait: {error}", file=sys.stderr, flush=True)
            for batch in book.unsent():
                wire.say(batch)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)  # the host is gone
