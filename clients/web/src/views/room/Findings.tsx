/** The findings of a checklist, in red, with what was said about each. */
import { Icon } from "../../components/Icon";
import { t } from "../../i18n";
import { findingWords, type Finding } from "./findings";

export function Findings({ found }: { found: readonly Finding[] }) {
  return (
    <>{found.map((one) => (
      <p key={one.code}>
        <span class="is-danger"><Icon name="alert" /> <b>{findingWords(one.code, one.answer)}</b></span>{one.note ? ` · ${one.note}` : ""}
        {one.reason ? <><br /><span class="muted">{t("finding.gone_on", { reason: one.reason })}</span></> : null}
      </p>
    ))}</>
  );
}
