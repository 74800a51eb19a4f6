/** Chooses between the socket and, where it cannot be opened three times in a row, the stream. */
import { signal } from "@preact/signals";
import { api } from "./api";
import type { Link } from "./link";
import { Socket, type Wire } from "./socket";
import { Stream } from "./sse";
import type { Person } from "./types";
import type { ServerFrame, Welcome } from "./wire";

const FAILURES = 3;
/** How long the stream serves before the socket is tried again. */
const RETRY_WS_MS = 60_000;

export interface CarrierEvents {
  up(welcome: Welcome & { phone?: string }): void;
  /** Whom the cookie names, seen again while the link is up. */
  met(person: Person): void;
  down(): void;
  slow(late: boolean): void;
  reauth(): void;
  stopped(): void;
  failed(): void;
  frame(frame: ServerFrame): void;
}

/** The stream has no greeting: whoever the session names is whom it speaks for. */
function greeting(person: Person): Welcome {
  return { t: "welcome", conn: "", person, heartbeat_ms: 0, limits: {}, caps: [], server_time: "" };
}

export class Carriers {
  readonly transport = signal<"ws" | "sse">("ws");
  private readonly socket: Socket;
  private readonly stream: Stream;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    device: string,
    private readonly link: Link,
    private readonly on: CarrierEvents,
  ) {
    const url = (): string => `${location.origin.replace(/^http/, "ws")}/ws`;
    this.socket = new Socket(
      {
        ticket: api.ticket,
        connect: (protocol) => new WebSocket(url(), protocol) as unknown as Wire,
        device,
        app: "web",
      },
      {
        up: (welcome) => this.socketUp(welcome),
        down: () => on.down(),
        frame: (frame) => on.frame(frame),
        reauth: () => on.reauth(),
        stopped: () => on.stopped(),
        slow: (late) => on.slow(late),
        failed: (inARow) => this.socketFailed(inARow),
      },
    );
    this.stream = new Stream(
      { device, source: (path) => new EventSource(path) },
      {
        up: (session) => on.up(greeting(session.person)),
        met: (session) => on.met(session.person),
        down: () => on.down(),
        frame: (frame) => on.frame(frame),
        reauth: () => on.reauth(),
      },
    );
    link.use(this.socket);
  }

  start(): void {
    if (this.transport.peek() === "ws") this.socket.start();
    else this.stream.start();
  }

  stop(): void {
    clearTimeout(this.retry);
    this.stream.stop();
    this.socket.stop();
    this.transport.value = "ws";
    this.link.use(this.socket);
  }

  kick(): void {
    (this.transport.peek() === "ws" ? this.socket : this.stream).kick();
  }

  probe(): void {
    (this.transport.peek() === "ws" ? this.socket : this.stream).probe();
  }

  private socketUp(welcome: Welcome): void {
    clearTimeout(this.retry);
    if (this.transport.peek() === "sse") {
      this.stream.stop(); // says `down` first, so that nothing is waited for on a dead way
      this.transport.value = "ws";
      this.link.use(this.socket);
    }
    this.on.up(welcome);
  }

  private socketFailed(inARow: number): void {
    this.on.failed();
    if (this.transport.peek() === "sse") this.socket.stop();
    else if (inARow >= FAILURES) {
      this.socket.stop();
      this.transport.value = "sse";
      this.link.use(this.stream);
      this.stream.start();
    } else return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.socket.start(), RETRY_WS_MS);
  }
}
