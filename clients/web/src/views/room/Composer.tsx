/** The message box: Enter sends, Shift+Enter breaks the line, Esc leaves and keeps the text. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../components/Icon";
import { core, type RoomState, type RoomView } from "../../core";
import { lang, said, t } from "../../i18n";
import { quickReplies, quickWord } from "../words";
import { toast } from "../toasts";

const MOST = 8000;

export function Composer({ room, state, onSent }: { room: RoomView; state: RoomState; onSent: () => void }) {
  const key = `room:${room.id}:message`;
  const text = useSignal(core.draft(key));
  const box = useRef<HTMLTextAreaElement>(null);
  const grow = (): void => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  useEffect(grow, [text.value]);
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Answers at the foot of the page stay above the box.
    const root = document.documentElement.style;
    const watch = new ResizeObserver(([entry]) => root.setProperty("--composer", `${entry?.target.clientHeight ?? 0}px`));
    if (whole.current) watch.observe(whole.current);
    return () => {
      watch.disconnect();
      root.removeProperty("--composer");
    };
  }, [room.may("message.post")]);
  if (!room.may("message.post")) return state.closed ? <p class="composer muted">{t("talk.closed")}</p> : null;
  const set = (value: string): void => {
    text.value = value;
    core.keepDraft(key, value);
  };
  const send = (): void => {
    const words = text.value.trim();
    if (!words) return;
    set("");
    onSent();
    void room.act("message.post", { text: words, lang: lang.value }).then((outcome) => {
      if (!outcome.ok && outcome.refusal) toast(said(outcome.refusal), true);
      onSent();
    });
  };
  const quick = (code: string): void => {
    void room.act("quick.reply", { code }).then((outcome) => {
      if (!outcome.ok && outcome.refusal) toast(said(outcome.refusal), true);
      onSent();
    });
  };
  const me = core.session.value?.person.role;
  return (
    <div class="composer" ref={whole}>
      {room.may("quick.reply") && me ? (
        <div class="quick" role="group" aria-label={t("talk.quick")}>
          {quickReplies(me).map((code) => <button key={code} type="button" onClick={() => quick(code)}>{quickWord(code)}</button>)}
        </div>
      ) : null}
      <div class="line">
        <textarea
          ref={box} rows={1} maxLength={MOST} value={text.value} aria-label={t("talk.message")} placeholder={t("talk.placeholder")}
          onInput={(event) => { set(event.currentTarget.value); room.iAmTyping(); }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            } else if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <button type="button" class="primary" onClick={send} disabled={!text.value.trim()} aria-label={t("talk.send")}><Icon name="send" /></button>
      </div>
    </div>
  );
}
