/** Puts the parts together: session, link, worklist, open rooms, outbox. Nothing happens before `start`. */
import { batch, computed, effect, signal } from "@preact/signals";
import * as alarm from "./alarm";
import { api } from "./api";
import { askedOf, Invitations, waitsOf } from "./asked";
import { answered, becameMine, incidentIn, lookedAt } from "./bells";
import { Carriers } from "./carriers";
import { Link } from "./link";
import { linkShown, type Linked } from "./linkshown";
import type { Me } from "./mine";
import { Outbox, type Answer } from "./outbox";
import { Refused } from "./refusal";
import type { LiveRoom } from "./roomview";
import * as router from "./router";
import { deviceId, draft, Fleeting, forgetDrafts, keepDraft, openShelf, type Entry, type Shelf } from "./shelf";
import { send, type Ways } from "./sending";
import { logOut, partOf, remembered, rememberSession, SESSION, whoIsHere } from "./session";
import { heardServerTime, now, startClock, stopClock } from "./time";
import { samePart, type Config, type Json, type Outcome, type Part, type Refusal, type Route, type Row, type Session } from "./types";
import { uuidv7 } from "./uuidv7";
import type { Core, RoomView } from "./view";
import type { ServerFrame } from "./wire";
import { Worklist } from "./worklist";

/** The code of an open room, once it is here: it brings the fold and the tables, which the first load does without. */
let Opened: typeof LiveRoom | null = null;

/** Called by `core/inside`, which every view that opens rooms imports. */
export function opensRooms(code: typeof LiveRoom): void {
  Opened = code;
}

const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

class Client implements Core {
  readonly session = signal<Session | null | undefined>(undefined);
  readonly config = signal<Config | null>(null);
  readonly route = router.route;
  readonly now = now;
  readonly alarm = alarm;
  readonly href = router.href;
  readonly draft = (key: string): string => draft(this.me().person, key);
  readonly keepDraft = (key: string, text: string): void => keepDraft(this.me().person, key, text);
  readonly people = api.people;
  readonly templates = api.templates;
  readonly onCall = api.onCall;

  private readonly rooms = signal<ReadonlyMap<string, LiveRoom>>(new Map());
  readonly open = computed<RoomView[]>(() => [...this.rooms.value.values()]);

  private readonly device = deviceId(uuidv7);
  private readonly linkState = signal<Linked>("connecting");
  private readonly storeDown = signal(false);
  private readonly reauth = signal(false);
  private readonly hubPhone = signal("");
  private readonly outbox = signal<Outbox>(new Outbox({ shelf: new Fleeting(), send: async () => "lost" }));
  private shelf: Shelf = new Fleeting();

  private readonly channel = new Link({
    joined: (frame) => {
      void this.outbox.peek().under(frame.epoch);
      this.rooms.peek().get(frame.room)?.joined(frame);
    },
    events: (room, events) => this.rooms.peek().get(room)?.took(events),
    refused: (room, refusal) => this.turnedAway(room, refusal),
    behind: () => void this.outbox.peek().offerAgain(),
    other: (frame) => this.heard(frame),
  });
  private readonly invitations = new Invitations();
  private readonly waits = (row: Row): string[] => waitsOf(row, this.me(), this.invitations.cameIn.value);
  private readonly list = new Worklist(this.waits, (row) => becameMine(row, this.route.peek()), (row) => incidentIn(row, this.me(), this.rooms.peek().get(row.room)?.state.peek(), this.unsent.peek()));
  readonly worklist = this.list.shown;
  readonly mine = computed(() => this.list.shown.value.rows.filter((row) => this.waits(row).length > 0));
  readonly askedOfMe = (row: Row) => askedOf(row, this.me(), this.invitations.cameIn.value);
  private readonly carriers: Carriers = new Carriers(this.device, this.channel, {
    up: (welcome) => {
      const part = partOf(welcome.person);
      if (!this.isMe(part)) return;
      if (welcome.server_time !== "") heardServerTime(welcome.server_time);
      if (welcome.phone) this.hubPhone.value = welcome.phone;
      batch(() => {
        this.linkState.value = "online";
        this.reauth.value = false;
      });
      this.channel.linked(welcome);
      this.outbox.peek().up(part, welcome.epoch);
      void this.refreshWorklist();
    },
    met: (person) => void this.isMe(partOf(person)),
    down: () => {
      this.linkState.value = "offline";
      this.outbox.peek().down();
      this.channel.unlinked();
      for (const room of this.rooms.peek().values()) room.cut();
    },
    slow: (late) => {
      if (this.linkState.peek() !== "offline") this.linkState.value = late ? "slow" : "online";
    },
    reauth: () => void this.askAgain(),
    stopped: () => (this.linkState.value = "offline"),
    failed: () => {
      if (this.linkState.peek() === "connecting") this.linkState.value = "offline";
    },
    frame: (frame) => this.channel.frame(frame),
  });
  private readonly ways: Ways = {
    link: this.channel,
    device: this.device,
    streaming: () => this.carriers.transport.peek() === "sse",
    isMe: (part) => this.isMe(part),
    nobody: () => void this.askAgain(),
  };
  private asked = 0;
  /** Whom this page speaks for, or last spoke for. */
  private part: Part | null = null;
  /** Settles once it is known whose page this is. */
  private know: () => void = () => undefined;
  private readonly known = new Promise<void>((resolve) => (this.know = resolve));
  private stopEffects: (() => void)[] = [];

  readonly unsent = computed(() => this.outbox.value.entries.value);
  readonly link = linkShown({
    unsent: this.unsent,
    linked: this.linkState,
    storeDown: this.storeDown,
    now: this.now,
    more: () => ({
      phone: this.session.value?.phone || this.hubPhone.value || this.config.value?.phone || "",
      transport: this.carriers.transport.value,
      volatile: this.outbox.value.volatile,
      reauth: this.reauth.value,
    }),
  });

  async start(): Promise<void> {
    router.startRouter();
    startClock();
    addEventListener("online", this.kick);
    addEventListener("offline", this.probe);
    addEventListener("storage", this.elsewhere);
    document.addEventListener("visibilitychange", this.looked);
    this.stopEffects = [effect(() => this.hush()), effect(() => answered(alarm.ringing.peek(), this.mine.value))];
    void api.config().then(
      (config) => (this.config.value = config),
      () => undefined, // the login page says without it what it can
    );
    this.shelf = await openShelf();
    this.outbox.value = new Outbox({ shelf: this.shelf, send: (entry) => this.send(entry) });
    void this.shelf.expire(Date.now() - KEPT_DAYS * DAY_MS).catch(() => undefined);
    await this.look();
  }

  stop(): void {
    router.stopRouter();
    stopClock();
    removeEventListener("online", this.kick);
    removeEventListener("offline", this.probe);
    removeEventListener("storage", this.elsewhere);
    document.removeEventListener("visibilitychange", this.looked);
    for (const stop of this.stopEffects) stop();
    this.carriers.stop();
  }

  go(route: Route): void {
    router.go(route);
  }

  async login(login: string, password: string, part?: Parameters<Core["login"]>[2]): Promise<Refusal | null> {
    try {
      await this.enter(await api.login(login, password, part));
      return null;
    } catch (problem) {
      if (problem instanceof Refused) return problem.refusal;
      throw problem;
    }
  }

  async logout(unsent?: "keep" | "delete"): Promise<boolean> {
    const outbox = this.outbox.peek();
    if (unsent === undefined && this.unsent.peek().length > 0) return false;
    const { person } = this.me();
    this.carriers.stop();
    this.clear();
    alarm.disarm();
    forgetDrafts(person);
    const emptied = unsent === "delete" ? outbox.empty() : undefined;
    outbox.leave();
    await Promise.allSettled([logOut(person), this.shelf.forget(person), emptied]);
    rememberSession(null);
    this.part = null;
    this.session.value = null;
    this.go({ page: "login" });
    return true;
  }

  async refreshWorklist(): Promise<void> {
    await this.list.refresh();
  }

  reconnect(): void {
    this.carriers.start();
    this.carriers.kick();
  }

  room(id: string): RoomView {
    const held = this.rooms.peek().get(id);
    if (held !== undefined) return held;
    if (Opened === null) throw new Error("the view that opens a room imports core/inside");
    const room = new Opened(id, {
      link: this.channel,
      outbox: () => this.outbox.value,
      shelf: () => this.shelf,
      ready: this.known,
      me: () => this.me(),
      dropped: (room) => this.dropped(room),
      closed: () => {
        const left = new Map(this.rooms.peek());
        left.delete(id);
        this.rooms.value = left;
      },
    });
    this.rooms.value = new Map(this.rooms.peek()).set(id, room);
    return room;
  }

  give(room: string, kind: Parameters<Core["give"]>[1], body: object): Promise<Outcome> {
    return this.outbox.peek().give(room, kind, body as Json);
  }

  submitRequest(body: Parameters<Core["submitRequest"]>[0]): Promise<Outcome> {
    return this.outbox.peek().give("", "request.submit", body as unknown as Json);
  }

  resend(cid: string): Promise<void> {
    return this.outbox.peek().resend(cid);
  }

  forget(cid: string): Promise<void> {
    return this.outbox.peek().forget(cid);
  }

  // -- inside ----------------------------------------------------------------------------------

  /** Nothing of one person's is left on the screen of the next. */
  private clear(): void {
    for (const room of [...this.rooms.peek().values()]) room.close();
    this.list.clear();
  }

  private me(): Me {
    const person = this.session.value?.person;
    return { person: person?.id ?? "", role: person?.role ?? "support" };
  }

  /** Who am I? Without an answer, who was I: what is kept here stays readable. */
  private async look(): Promise<void> {
    try {
      await this.enter(await whoIsHere());
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (problem.refusal.code === 401) {
        rememberSession(null);
        this.session.value = null;
        return;
      }
      const before = remembered();
      if (before !== null) return this.enter(before);
      this.linkState.value = "offline";
      setTimeout(() => void this.look(), 2000);
    }
  }

  private async enter(session: Session): Promise<void> {
    rememberSession(session);
    const part = partOf(session.person);
    if (this.part !== null && !samePart(this.part, part)) {
      this.carriers.stop(); // a link speaks for one person in one role
      this.clear();
    }
    this.part = part;
    batch(() => ((this.session.value = session), (this.reauth.value = false)));
    this.invitations.load(part.person);
    this.know();
    await this.outbox.peek().load(part);
    if (this.route.peek().page === "login") this.go({ page: "worklist" });
    this.channel.watch();
    if (this.channel.up) await this.channel.refresh().catch(() => undefined); // the hub ends what is too old by itself
    else this.carriers.start();
  }

  /** Does the link, or the cookie, speak for whom this page speaks for? If not, nothing leaves here. */
  private isMe(part: Part): boolean {
    const me = samePart(part, this.part);
    if (!me) this.carriers.stop();
    if (!me) void this.askAgain();
    return me;
  }

  /** The cookie that this page shares with others is somebody else's now, or mine in another role. */
  private beginAnew(): void {
    this.carriers.stop();
    if (this.outbox.peek().volatile && this.unsent.peek().length > 0) {
      // a reload would lose what is not sent: whose it is must log in again
      batch(() => ((this.reauth.value = true), (this.session.value = null)));
    } else location.reload();
  }

  private turnedAway(room: string, refusal: Refusal): void {
    const open = this.rooms.peek().get(room);
    if (open !== undefined) open.turnedAway(refusal);
    else if (refusal.code === 403) this.dropped(room);
    if (refusal.code === 403) void this.list.refresh(true);
  }

  private dropped(room: string): void {
    void this.shelf.dropRoom(this.me().person, room).catch(() => undefined); // a disk that fails has been asked
  }

  /** The hub says "log in first". A ticket that was too old is no reason to throw anybody out. */
  private async askAgain(): Promise<void> {
    this.linkState.value = "offline";
    try {
      await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 250 * this.asked++)));
      const session = await api.session();
      if (!samePart(partOf(session.person), this.part)) {
        this.beginAnew();
        return;
      }
      this.session.value = session;
      this.carriers.start();
    } catch (problem) {
      if (problem instanceof Refused && problem.refusal.code !== 401) {
        this.carriers.start(); // not reached: its own backoff asks for the next ticket
        return;
      }
      this.asked = 0;
      batch(() => {
        this.reauth.value = true;
        this.session.value = null;
      });
    }
  }

  private async send(entry: Entry): Promise<Answer> {
    const answer = await send(entry, this.ways);
    if (answer !== "lost") this.storeDown.value = !answer.ok && answer.refusal.code === 503;
    return answer;
  }

  private heard(frame: ServerFrame): void {
    const room = "room" in frame && frame.room !== undefined ? this.rooms.peek().get(frame.room) : undefined;
    switch (frame.t) {
      case "hb":
        heardServerTime(frame.server_time);
        this.asked = 0;
        if (this.carriers.transport.peek() === "sse") void this.refreshWorklist();
        break;
      case "rcpt":
        room?.receipt(frame);
        break;
      case "pres":
        room?.present(frame);
        break;
      case "eph":
        room?.heard(frame.key, frame.from.person, frame.body);
        break;
      case "row":
        this.list.row(frame.summary);
        break;
      case "note":
        if (frame.room === undefined && frame.slug === "lagging") void this.list.refresh(true);
        else if (frame.room === undefined) this.linkState.value = frame.slug === "recovered" ? "online" : "slow";
        break;
    }
  }

  private hush(): void {
    lookedAt(this.route.value, this.me(), this.rooms.value, this.invitations);
  }

  /** Another tab logged in or out: this one shares its cookie, and must not speak for two. */
  private readonly elsewhere = (event: StorageEvent): void => {
    if (event.key !== SESSION || this.session.peek() === undefined) return;
    const [told, mine] = [remembered(), this.session.peek()].map((one) => (one ? partOf(one.person) : null));
    if (!samePart(told!, mine!)) this.beginAnew();
  };
  private readonly kick = (): void => this.carriers.kick();
  private readonly probe = (): void => this.carriers.probe();
  private readonly looked = (): void => {
    if (document.visibilityState !== "visible") return;
    this.hush();
    this.carriers.kick();
  };
}

export function createCore(): Core {
  return new Client();
}
