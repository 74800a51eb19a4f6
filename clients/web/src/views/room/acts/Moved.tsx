/** The ground of an open act moved: nothing can be confirmed before it has been read. */
import { useEffect, useRef } from "preact/hooks";
import { Notice } from "../../../components/Notice";
import type { RoomState } from "../../../core";
import { t } from "../../../i18n";
import { stage } from "../../words";
import { differences } from "../diff";
import { Differences } from "../ProtocolCard";
import type { Moved } from "./ground";

function words(what: Moved, before: RoomState, now: RoomState): string {
  if (what === "protocol") {
    const [old, version] = [before.protocol?.protocol.version, now.protocol?.protocol.version ?? 0];
    return old === undefined ? t("moved.protocol_new", { version }) : t("moved.protocol", { version, before: old });
  }
  if (what === "owner") return now.owner ? t("moved.owner", { name: now.owner.name }) : t("moved.owner_none");
  if (what === "request" || what === "checklist") return t(`moved.${what}`);
  return t(`moved.${what}`, { stage: stage(now.stage) });
}

export function MovedNotice({ what, before, now, onRead, onGoOn }: {
  what: Moved; before: RoomState; now: RoomState;
  /** Read the protocol back, where that is mine to do. */
  onRead?: () => void;
  /** I have read what changed: the act goes on, on the new ground. */
  onGoOn?: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [what]);
  const found = what === "protocol" && before.protocol && now.protocol ? differences(before.protocol.protocol, now.protocol.protocol) : [];
  return (
    <div ref={box} tabIndex={-1} data-moved={what}>
      <Notice tone="danger" live="assertive">
        <p class="strong">{words(what, before, now)}</p>
        {found.length ? <Differences found={found} /> : null}
        <div class="row">
          {onRead ? <button type="button" class="primary" onClick={onRead}>{t("readback.read_new")}</button> : null}
          {onGoOn ? <button type="button" onClick={onGoOn}>{t("moved.go_on")}</button> : null}
        </div>
      </Notice>
    </div>
  );
}
