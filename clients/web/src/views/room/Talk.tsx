/** Talk: the timeline, my unsent words, who is here, and the message box. */
import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Icon } from "../../components/Icon";
import { VirtualList, type ListHandle } from "../../components/VirtualList";
import { core, type Evt, type RoomState, type RoomView } from "../../core";
import { lang, list, plural, t } from "../../i18n";
import { UnsentItem } from "../LinkLine";
import { Composer } from "./Composer";
import { EventCard } from "./EventCard";
import { useSeen } from "./insight";
import { People } from "./People";
import { isUrgent, memberName, nameOf, sentence } from "./sentence";

/** Height guesses until an item has been drawn once. */
function estimate(evt: Evt): number {
  if (evt.kind === "message.posted") return 48 + 21 * Math.ceil(String(evt.body.text ?? "").length / 48);
  if (evt.kind === "image.shared") return 360;
  if (evt.kind.startsWith("protocol.issued") || evt.kind.startsWith("protocol.amended")) return 220;
  return 72;
}

/** Says new events of others: politely, the urgent ones at once. */
function Announcer({ room, state }: { room: RoomView; state: RoomState }) {
  const told = useRef(0);
  const polite = useSignal("");
  const urgent = useSignal("");
  const { rev, last } = room.timeline.value;
  useEffect(() => {
    const { items, first: from } = room.timeline.value;
    const first = told.current === 0;
    const fresh = first ? [] : items.slice(Math.max(0, told.current + 1 - from)).filter((evt) => evt.from.person !== core.session.value?.person.id && evt.kind !== "withheld");
    told.current = Math.max(told.current, last, first ? (room.state.peek()?.seq ?? 0) : 0);
    const say = (some: readonly Evt[]): string => some.map((evt) => (evt.kind === "message.posted" ? `${nameOf(evt, state)} : ${sentence(evt, state)}` : sentence(evt, state))).join(" ");
    if (fresh.some(isUrgent)) urgent.value = say(fresh.filter(isUrgent));
    if (fresh.some((evt) => !isUrgent(evt))) polite.value = say(fresh.filter((evt) => !isUrgent(evt)).slice(-3));
  }, [rev]);
  return (
    <>
      <div class="vh" aria-live="polite">{polite.value}</div>
      <div class="vh" aria-live="assertive">{urgent.value}</div>
    </>
  );
}

/** Seq of the last thing that waits for me: what I was asked by name, an open question, query, or the protocol to read back. */
function waitsForMe(room: RoomView, state: RoomState): number {
  const acts = new Set(room.acts.value.map((act) => act.kind));
  const seqs = [
    state.asked[core.session.value?.person.id ?? ""]?.asked.seq,
    acts.has("information.answer") ? state.questions.findLast((one) => !one.answered)?.asked.seq : 0,
    acts.has("protocol.answer") ? state.queries.findLast((one) => !one.answered)?.asked.seq : 0,
    acts.has("protocol.acknowledge") && !state.acknowledgement ? state.protocol?.issued.seq : 0,
    acts.has("case.claim") && !state.owner ? state.requested?.seq : 0,
  ];
  return Math.max(0, ...seqs.map((seq) => seq ?? 0));
}

function Typing({ room, state }: { room: RoomView; state: RoomState }) {
  const names = room.typing.value.map((person) => memberName(person, state));
  return names.length ? <p class="small muted" style={{ padding: "0 12px" }}>{plural("talk.typing", names.length, { names: list(names) })}</p> : null;
}

/** The way back to the end; on its own, because it changes with every scroll. */
function ToEnd({ atEnd, shownTo, last, onGo }: { atEnd: Signal<boolean>; shownTo: Signal<number>; last: number; onGo: () => void }) {
  const below = last - shownTo.value;
  if (atEnd.value || below <= 0) return null;
  return <div class="jump"><button type="button" onClick={onGo}><Icon name="down" />{plural("talk.below", below)}</button></div>;
}

export function Talk({ room, state }: { room: RoomView; state: RoomState }) {
  const handle = useRef<ListHandle | null>(null);
  const atEnd = useSignal(true);
  const shownTo = useSignal(0);
  const timeline = room.timeline.value;
  const pending = room.pending.value;
  const waits = waitsForMe(room, state);
  useMemo(() => room.resume(), [room]); // before anything is drawn, and so before anything is seen
  const unreadFrom = room.unreadFrom.value;
  const resumed = useSignal(0);
  const placed = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (placed.current || !timeline.items.length) return;
    placed.current = true;
    if (unreadFrom > timeline.first && unreadFrom < timeline.last - 3) handle.current?.toKey(unreadFrom);
  }, [timeline.rev]);
  useEffect(() => {
    const back = (): void => void (document.visibilityState === "visible" && room.resume());
    document.addEventListener("visibilitychange", back); // before that of useSeen: what comes into sight is not seen yet
    return () => document.removeEventListener("visibilitychange", back);
  }, [room]);
  const show = useSeen(() => box.current?.querySelector(".timeline") ?? null, (upto) => room.seen(upto));
  const jump = async (seq: number): Promise<void> => {
    await room.loadTo(seq);
    requestAnimationFrame(() => handle.current?.toKey(seq));
  };
  return (
    <>
      <div class="talk-head">
        <h2 class="grow">{t("tab.talk")}</h2>
        {unreadFrom && unreadFrom < timeline.last - 3 && resumed.value !== unreadFrom ? (
          <button type="button" onClick={() => {
            resumed.value = unreadFrom;
            void jump(unreadFrom);
          }}><Icon name="down" />{plural("talk.resume", timeline.last - unreadFrom + 1)}</button>
        ) : null}
        {waits ? <button type="button" onClick={() => void jump(waits)}><Icon name="arrow" />{t("talk.waits")}</button> : null}
      </div>
      <div class="talk-body" ref={box}>
        <VirtualList<Evt>
          items={timeline.items} rev={timeline.rev} first={timeline.first || 1} handle={handle} label={t("talk.timeline")}
          estimate={estimate} onTop={() => timeline.first > 1 && !timeline.loading && void room.loadOlder()}
          onShown={(seq, end) => {
            atEnd.value = end;
            shownTo.value = seq;
            show(seq);
          }}
          deps={[state, unreadFrom, lang.value]}
          render={(evt) => (
            <>
              {evt.seq === unreadFrom ? <div class="divider">{t("talk.unread")}</div> : null}
              <EventCard evt={evt} room={room} state={state} />
            </>
          )}
          tail={pending.length ? (
            <div class="stack" style={{ padding: "8px 12px" }} role="group" aria-label={t("talk.pending")}>
              {pending.map((item) => <UnsentItem key={item.cid} item={item} />)}
            </div>
          ) : null}
        />
        <ToEnd atEnd={atEnd} shownTo={shownTo} last={timeline.last} onGo={() => handle.current?.toEnd()} />
      </div>
      <Typing room={room} state={state} />
      <People room={room} state={state} />
      <Composer room={room} state={state} onSent={() => handle.current?.toEnd()} />
      <Announcer room={room} state={state} />
    </>
  );
}
