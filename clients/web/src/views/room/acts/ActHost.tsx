/** The act that is being done, as a dialog: simple ones from a table, the others by their own form. */
import { useSignal } from "@preact/signals";
import { core, type Refusal } from "../../../core";
import { t } from "../../../i18n";
import "../../../i18n/inside";
import { doing } from "../../overlay";
import { unanswered } from "../../toasts";
import { AcquisitionAbort, AcquisitionEnd } from "./Acquisition";
import { Checklist } from "./Checklist";
import type { ActForm } from "./form";
import { ImageShare } from "./ImageShare";
import { Invite, Reassign } from "./Invite";
import { Justify } from "./Justify";
import { ProtocolEditor } from "./ProtocolEditor";
import { ReadBack } from "./ReadBack";
import { AmendRequest } from "./AmendRequest";
import { SimpleAct } from "./SimpleAct";

export function ActHost() {
  const refusal = useSignal<Refusal | null>(null);
  const busy = useSignal(false);
  const now = doing.value;
  const room = now ? core.open.value.find((one) => one.id === now.room) : undefined;
  const state = room?.state.value;
  if (!now || !room || !state) return null;
  const close = (): void => void (doing.value = null);
  const give: ActForm["give"] = async (kind, body) => {
    if (busy.value) return;
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
    if (!outcome.ok) unanswered(outcome.kept === true);
    if (doing.value === now) close();
  };
  const form: ActForm = { room, state, about: now.about ?? {}, give, refusal: refusal.value, busy: busy.value, close };
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
    default: return <SimpleAct {...form} kind={now.kind} />;
  }
}
