/** The act that is being done, as a dialog: simple ones from a table, the others by their own form. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { DialogFrame } from "../../../components/Dialog";
import { Icon } from "../../../components/Icon";
import { core, type Refusal, type RoomState, type RoomView } from "../../../core";
import { t } from "../../../i18n";
import "../../../i18n/inside";
import "../../../styles/room.css";
import { doing, type Doing } from "../../overlay";
import { unanswered } from "../../toasts";
import { patientLabel } from "../patient";
import { AcquisitionAbort, AcquisitionEnd } from "./Acquisition";
import { Checklist } from "./Checklist";
import type { ActForm } from "./form";
import { groundOf, moved } from "./ground";
import { keyOf, KeptUnder } from "./kept";
import { ImageShare } from "./ImageShare";
import { Invite, Reassign } from "./Invite";
import { Justify } from "./Justify";
import { MovedNotice } from "./Moved";
import { HandoverOffer, OpinionAsk } from "./Named";
import { ProtocolEditor } from "./ProtocolEditor";
import { ReadBack } from "./ReadBack";
import { ReportEditor } from "./ReportEditor";
import { AmendRequest } from "./AmendRequest";
import { SimpleAct } from "./SimpleAct";

export function ActHost() {
  const now = doing.value;
  const n = useRef({ now, n: 0 });
  if (n.current.now !== now) n.current = { now, n: n.current.n + 1 };
  const room = now ? core.open.value.find((one) => one.id === now.room) : undefined;
  const state = room?.state.value;
  if (!now || !room || !state) return null;
  return <OneAct key={n.current.n} now={now} room={room} state={state} />;
}

/** One act from its opening on: what it stands on is held, and nothing is given once that moved. */
function OneAct({ now, room, state }: { now: Doing; room: RoomView; state: RoomState }) {
  const refusal = useSignal<Refusal | null>(null);
  const busy = useSignal(false);
  const ground = useSignal(state);
  const what = moved(now.kind, ground.value, state, room.may(now.kind));
  const key = useRef(keyOf(now, groundOf(now.kind, state))).current;
  const resumed = useRef(core.draft(key) !== "").current;
  const close = (): void => {
    if (doing.value === now) doing.value = null;
  };
  const give: ActForm["give"] = async (kind, body) => {
    const at = room.state.peek();
    if (busy.value || !at || moved(now.kind, ground.value, at, room.may(now.kind))) return;
    busy.value = true;
    refusal.value = null;
    const outcome = await room.act(kind, body);
    busy.value = false;
    if (!outcome.ok && outcome.refusal) {
      refusal.value = outcome.refusal;
      // The dialog stays with what was typed, so the outbox need not keep the refused copy too.
      for (const item of room.pending.value) if (item.kind === kind && item.state === "refused") void core.forget(item.cid);
      return;
    }
    core.keepDraft(key, "");
    if (!outcome.ok) unanswered(outcome.kept === true);
    close();
  };
  const stop = what && !busy.value ? (
    <MovedNotice
      what={what} before={ground.value} now={state}
      onRead={room.may("protocol.acknowledge") ? () => (doing.value = { room: now.room, kind: "protocol.acknowledge" }) : undefined}
      onGoOn={what !== "gone" && now.kind !== "protocol.acknowledge" && room.may(now.kind) ? () => (ground.value = state) : undefined}
    />
  ) : null;
  const top = <span data-patient><Icon name="user" /> {patientLabel(state)}</span>;
  const startAnew = (): void => {
    core.keepDraft(key, "");
    doing.value = { ...now };
  };
  const draft = resumed ? <p class="row apart small" data-resumed><span class="muted">{t("draft.resumed")}</span><button type="button" onClick={startAnew}>{t("draft.drop")}</button></p> : null;
  const form: ActForm = { room, state: what ? ground.value : state, about: now.about ?? {}, give, refusal: refusal.value, busy: busy.value, close };
  return <DialogFrame.Provider value={{ top: <>{top}{draft}</>, stop }}><KeptUnder.Provider value={key}><Form now={now} form={form} /></KeptUnder.Provider></DialogFrame.Provider>;
}

function Form({ now, form }: { now: Doing; form: ActForm }) {
  switch (now.kind) {
    case "protocol.issue":
    case "protocol.amend": return <ProtocolEditor {...form} kind={now.kind} />;
    case "protocol.acknowledge": return <ReadBack {...form} />;
    case "checklist.complete": return <Checklist {...form} />;
    case "acquisition.end": return <AcquisitionEnd {...form} />;
    case "acquisition.abort": return <AcquisitionAbort {...form} />;
    case "image.share": return <ImageShare {...form} />;
    case "member.invite": return <Invite {...form} />;
    case "case.reassign": return <Reassign {...form} />;
    case "justification.decide": return <Justify {...form} />;
    case "request.amend": return <AmendRequest {...form} />;
    case "report.issue":
    case "report.sign": return <ReportEditor {...form} kind={now.kind} />;
    case "opinion.ask": return <OpinionAsk {...form} />;
    case "handover.offer": return <HandoverOffer {...form} />;
    default: return <SimpleAct {...form} kind={now.kind} />;
  }
}
