/** The sheet of keys. */
import { Check } from "../components/Field";
import { Dialog } from "../components/Dialog";
import { t } from "../i18n";
import { overlay } from "./overlay";
import { singleKeys } from "./prefs";

export function KeySheet() {
  const lines: [string, string][] = [
    ["Ctrl/⌘ K", t("keys.palette")],
    ["Alt A", t("keys.primary")],
    ["j / k", t("keys.walk")],
    ["Enter", t("keys.enter")],
    ["1 – 9", t("keys.rooms")],
    ["/", t("keys.write")],
    ["Shift Enter", t("keys.newline")],
    ["Ctrl/⌘ Enter", t("keys.submit")],
    ["?", t("keys.sheet")],
    ["Esc", t("keys.escape")],
  ];
  return (
    <Dialog title={t("keys.title")} onClose={() => (overlay.value = "")}>
      <dl class="keys">
        {lines.map(([key, words]) => [<dt key={key}><kbd>{key}</kbd></dt>, <dd key={`${key}d`}>{words}</dd>])}
      </dl>
      <Check label={t("keys.single")} checked={singleKeys.value} onChange={(on) => (singleKeys.value = on)} />
    </Dialog>
  );
}
