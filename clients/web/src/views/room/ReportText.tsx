/** A report or an addendum as it was sealed, with its page to print. */
import type { RoomView } from "../../core";
import { reports, sections } from "../../generated/tables.json";
import type { Sealed, Sections } from "../../generated/wire";
import { lang, said, t } from "../../i18n";

const STATUS = reports as unknown as Record<string, { fr: string; en: string }>;

export function ReportText({ room, sealed }: { room: RoomView; sealed: Sealed }) {
  const href = `/api/v1/rooms/${encodeURIComponent(room.id)}/report.pdf?version=${sealed.version}&lang=${lang.value}`;
  const names = Object.keys(sections) as (keyof Sections)[];
  return (
    <div class="stack" data-report={sealed.version}>
      <p class="row apart">
        <b>{said(STATUS[sealed.status] ?? { fr: sealed.status, en: sealed.status })} · {t("report.version", { n: sealed.version })}</b>
        <a class="button" href={href} target="_blank" rel="noopener">{t("report.pdf")}</a>
      </p>
      {sealed.addendum ? <p class="pre">{sealed.addendum}</p> : null}
      {sealed.sections
        ? names.filter((name) => sealed.sections[name]).map((name) => (
          <p key={name} class="pre"><b>{said(sections[name])}</b><br />{sealed.sections[name]}</p>
        ))
        : null}
      <p class="small muted">{sealed.signer_name} · {t("report.hash", { hash: sealed.content_hash.slice(0, 12) })}</p>
    </div>
  );
}
