/** A sentence that matters, with a shape; and the designed empty state. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Refusal } from "../core";
import { said } from "../i18n";
import { Icon, type IconName } from "./Icon";

type Tone = "plain" | "danger" | "clock" | "ack" | "accent";
const ICONS: Record<Tone, IconName> = { plain: "talk", danger: "alert", clock: "clock", ack: "checks", accent: "arrow" };

export function Notice({ tone = "plain", icon, children, live }: {
  tone?: Tone; icon?: IconName; children: ComponentChildren; live?: "polite" | "assertive";
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What says why not must not stay below the edge of a dialog.
    if (live && box.current?.closest("dialog")) box.current.scrollIntoView({ block: "nearest" });
  }, [live]);
  return (
    <div ref={box} class={`notice ${tone}`} role={live === "assertive" ? "alert" : live ? "status" : undefined}>
      <Icon name={icon ?? ICONS[tone]} />
      <div class="stack grow">{children}</div>
    </div>
  );
}

/** Why not, and what to do next, in the words of the server. */
export function Refused({ refusal }: { refusal: Refusal | null | undefined }) {
  return refusal ? <Notice key={refusal.fr} icon="lock" live="assertive"><p>{said(refusal)}</p></Notice> : null;
}

export function Empty({ icon, children }: { icon: IconName; children: ComponentChildren }) {
  return <div class="empty"><Icon name={icon} />{children}</div>;
}
