/** Ctrl K: rooms, people here, and every act of mine that is possible now. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "../components/Icon";
import { core } from "../core";
import { lang, setLang, t } from "../i18n";
import "../i18n/inside";
import { goWrite } from "./keys";
import { doing, overlay } from "./overlay";
import { siteName } from "./sites";
import { actWord, modality, regions, role, stage } from "./words";

interface Item {
  id: string;
  icon: IconName;
  words: string;
  more: string;
  run: () => void;
}

/** Lower case without accents: "accuse" finds "accusé". */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function items(): Item[] {
  const found: Item[] = [];
  const route = core.route.value;
  const room = route.page === "room" ? core.open.value.find((one) => one.id === route.room) : undefined;
  if (room) {
    for (const act of room.acts.value) {
      if (act.kind === "message.retract" || act.kind === "message.post" || act.kind === "quick.reply") continue;
      found.push({
        id: `act-${act.kind}`, icon: act.waited ? "arrow" : "edit", words: actWord(act.kind),
        more: act.waited ? t("palette.waited") : t("palette.act"),
        run: () => (doing.value = { room: room.id, kind: act.kind }),
      });
    }
    for (const one of room.presence.value)
      found.push({ id: `person-${one.person}`, icon: "user", words: one.name, more: `${role(one.role)} · ${t(`presence.${one.state}`)}`, run: goWrite });
  }
  for (const row of core.worklist.value.rows)
    found.push({
      id: `room-${row.room}`, icon: "list",
      words: `${row.urgency} · ${row.patient_label || row.question} · ${modality(row.modality)} ${regions(row.region)}`,
      more: `${siteName(row.site)} · ${stage(row.stage)}`, run: () => core.go({ page: "room", room: row.room }),
    });
  found.push(
    { id: "worklist", icon: "list", words: t("worklist.title"), more: t("palette.go"), run: () => core.go({ page: "worklist" }) },
    { id: "new", icon: "plus", words: t("request.new"), more: t("palette.go"), run: () => core.go({ page: "new" }) },
    { id: "keys", icon: "keys", words: t("keys.title"), more: "?", run: () => (overlay.value = "keys") },
    { id: "lang", icon: "talk", words: lang.value === "fr" ? "English" : "Français", more: t("palette.language"), run: () => void setLang(lang.value === "fr" ? "en" : "fr") },
  );
  return found;
}

export function Palette() {
  const box = useRef<HTMLDialogElement>(null);
  const asked = useSignal("");
  const at = useSignal(0);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const words = plain(asked.value).split(/\s+/).filter(Boolean);
  const shown = items().filter((item) => words.every((word) => plain(`${item.words} ${item.more}`).includes(word))).slice(0, 60);
  const chosen = Math.min(at.value, shown.length - 1);
  const close = (): void => void (overlay.value = "");
  const run = (item: Item | undefined): void => {
    if (!item) return;
    close();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") close();
    else if (event.key === "ArrowDown") at.value = Math.min(chosen + 1, shown.length - 1);
    else if (event.key === "ArrowUp") at.value = Math.max(chosen - 1, 0);
    else if (event.key === "Enter") run(shown[chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
    box.current?.querySelector(`#choice-${at.value}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <dialog
      ref={box} class="palette" aria-label={t("palette.title")} onKeyDown={onKeyDown}
      onCancel={(event) => { event.preventDefault(); close(); }}
      onClick={(event) => event.target === box.current && close()}
    >
      <input
        type="text" role="combobox" aria-expanded="true" aria-controls="choices" autoComplete="off" autoFocus
        aria-activedescendant={shown.length ? `choice-${chosen}` : undefined} aria-label={t("palette.title")}
        placeholder={t("palette.hint")} value={asked.value}
        onInput={(event) => { asked.value = event.currentTarget.value; at.value = 0; }}
      />
      <ul id="choices" role="listbox" aria-label={t("palette.title")}>
        {shown.map((item, i) => (
          <li key={item.id} id={`choice-${i}`} role="option" aria-selected={i === chosen} onClick={() => run(item)}>
            <Icon name={item.icon} /><span class="grow">{item.words}</span><span class="small muted">{item.more}</span>
          </li>
        ))}
      </ul>
      {shown.length ? null : <p class="empty">{t("palette.none")}</p>}
    </dialog>
  );
}
