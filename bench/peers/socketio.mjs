// Socket.IO doing workload W1, as its own documentation has it.
//   node socketio.mjs PORT none
//   node socketio.mjs PORT sqlite FILE           WAL, synchronous=FULL: insert, then emit
//   node socketio.mjs PORT sqlite-normal FILE    WAL, synchronous=NORMAL
//   node socketio.mjs PORT streams REDIS_PORT    Redis Streams adapter
// A member joins by the query (?room=R&after=N), publishes "pub", receives "msg".
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, mode, where] = process.argv.slice(2);
const http = createServer();
const recovery = { maxDisconnectionDuration: 2 * 60 * 1000, skipMiddlewares: true };
const options = {
  transports: ["websocket"],
  perMessageDeflate: false,
  serveClient: false,
};

let insert = null;
let since = null;
if (mode.startsWith("sqlite")) {
  const { default: Database } = await import("better-sqlite3");
  const db = new Database(where);
  db.pragma("journal_mode = WAL");
  db.pragma(`synchronous = ${mode === "sqlite" ? "FULL" : "NORMAL"}`);
  db.pragma("busy_timeout = 1000");
  db.exec(
    "CREATE TABLE IF NOT EXISTS messages" +
      " (id INTEGER PRIMARY KEY, room TEXT NOT NULL, body TEXT NOT NULL);" +
      "CREATE INDEX IF NOT EXISTS by_room ON messages (room, id)",
  );
  insert = db.prepare("INSERT INTO messages (room, body) VALUES (?, ?)");
  since = db.prepare("SELECT id, body FROM messages WHERE room = ? AND id > ? ORDER BY id");
} else {
  options.connectionStateRecovery = recovery;
}
if (mode === "streams") {
  const { createClient } = await import("redis");
  const { createAdapter } = await import("@socket.io/redis-streams-adapter");
  const redis = createClient({ url: `redis://127.0.0.1:${where}` });
  redis.on("error", () => {});
  await redis.connect();
  options.adapter = createAdapter(redis, { maxLen: 1_000_000, readCount: 1000 });
}

const io = new Server(http, options);
io.on("connection", (socket) => {
  const { room, after } = socket.handshake.query;
  if (!socket.recovered) socket.join(room);
  if (since && after !== undefined) {
    for (const row of since.iterate(room, Number(after))) {
      socket.emit("msg", JSON.parse(row.body), row.id);
    }
  }
  socket.on("pub", (body, answer) => {
    if (!insert) {
      io.to(room).emit("msg", body);
      answer?.("ok");
      return;
    }
    try {
      const { lastInsertRowid } = insert.run(room, JSON.stringify(body));
      io.to(room).emit("msg", body, Number(lastInsertRowid));
      answer?.("ok");
    } catch {
      answer?.("refused");
    }
  });
  socket.emit("joined");
});

http.listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
