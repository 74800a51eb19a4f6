/** The state of the link, always a line: what is not transmitted is loud, copyable, with a number. */
import { Icon } from "../components/Icon";
import { core, type Unsent } from "../core";
import { plural, said, t } from "../i18n";
import { hour } from "../i18n/time";
import { actWord, quickWord } from "./words";
import { toast } from "./toasts";

/** What a person would have to say on the phone: the text of a message, the fields of an act. */
export function spokenBody(unsent: Unsent): string {
  const body = unsent.body;
  if (body && typeof body === "object" && !Array.isArray(body) && typeof body.text === "string") return body.text;
  if (unsent.kind === "quick.reply" && body && typeof body === "object" && !Array.isArray(body)) return [quickWord(String(body.code)), body.detail].filter(Boolean).join(" ");
  return JSON.stringify(body, (key, value: unknown) => (key === "content_hash" ? undefined : value), 1).replace(/[{}"[\]]/g, "").replace(/^\s*\n/gm, "").trim();
}

export function UnsentItem({ item }: { item: Unsent }) {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(`${actWord(item.kind)}\n${spokenBody(item)}`);
      toast(t("common.copied"));
    } catch {
      toast(t("link.copy_by_hand"), true);
    }
  };
  const phone = core.link.value.phone;
  return (
    <div class="unsent">
      <p class="strong row tight">
        <Icon name={item.state === "refused" ? "lock" : "offline"} />
        {item.state === "refused" ? t("link.refused") : item.state === "sent" ? t("link.sent") : t("link.queued")}
        {item.state === "queued" && item.kept ? <span class="muted">· {t("link.kept_here")}</span> : null}
        <span class="muted">· {t("link.written", { at: hour(new Date(item.given).toISOString()) })}</span>
        {item.kind === "message.post" ? null : <span class="muted">· {actWord(item.kind)}</span>}
      </p>
      <p class="pre" data-copyable>{spokenBody(item)}</p>
      {item.refusal ? <p>{said(item.refusal)}</p> : null}
      <div class="row">
        <button type="button" onClick={() => void copy()}><Icon name="copy" />{t("common.copy")}</button>
        {phone && item.state !== "sent" ? <a class="button" href={`tel:${phone.replace(/\s/g, "")}`}><Icon name="phone" />{phone}</a> : null}
        {item.state === "refused" ? (
          <>
            <button type="button" onClick={() => void core.resend(item.cid)}>{t("link.again")}</button>
            <button type="button" onClick={() => void core.forget(item.cid)}>{t("link.forget")}</button>
          </>
        ) : null}
      </div>
    </div>
  );
}

export function LinkLine() {
  const link = core.link.value;
  const waiting = link.unsent.length;
  const bad = link.state === "not_transmitted" || link.state === "offline" || link.reauth;
  const phone = link.phone || core.session.value?.phone || "";
  const words =
    link.reauth ? t("link.reauth")
    : link.state === "not_transmitted" ? plural("link.not_transmitted", waiting, { phone })
    : link.state === "offline" ? t("link.offline", { phone })
    : t(`link.${link.state}`);
  return (
    <div class={`linkline ${bad ? "bad" : ""}`} data-link={link.state}>
      <span class="row tight" role={bad ? "alert" : "status"}>
        <Icon name={bad ? "offline" : link.state === "online" ? "check" : "clock"} />
        <span class={bad ? "strong" : ""}>{words}</span>
      </span>
      {bad && phone ? <a href={`tel:${phone.replace(/\s/g, "")}`}>{t("link.call", { phone })}</a> : null}
      {link.reauth ? <a href={core.href({ page: "login" })}>{t("login.go")}</a> : null}
      {link.volatile ? <span class="muted">{t("link.volatile")}</span> : null}
      {link.transport === "sse" ? <span class="muted">{t("link.sse")}</span> : null}
      {waiting && (bad || link.unsent.some((one) => one.refusal?.retry === false)) ? (
        <details>
          <summary>{plural("link.show_unsent", waiting)}</summary>
          <div class="stack">{link.unsent.map((item) => <UnsentItem key={item.cid} item={item} />)}</div>
        </details>
      ) : null}
    </div>
  );
}
