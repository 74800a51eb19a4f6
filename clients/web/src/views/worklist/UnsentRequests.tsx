/** Requests that nobody has but this device: first in the list, loud, with the number to call. */
import { Icon } from "../../components/Icon";
import { Urgency } from "../../components/Urgency";
import { core, type CommandBodies, type Link, type Unsent } from "../../core";
import { number, t } from "../../i18n";
import { hour } from "../../i18n/time";
import { UnsentItem } from "../LinkLine";
import { modality, regions } from "../words";

/** The requests to show: an answer that is only under way over a good link is no news yet. */
export function unsentRequests({ unsent, state }: Pick<Link, "unsent" | "state">): Unsent[] {
  const found = unsent.filter((one) => one.kind === "request.submit" && (one.state === "refused" || state !== "online"));
  const level = (one: Unsent): string => (one.body as unknown as CommandBodies["request.submit"]).urgency;
  return found.sort((a, b) => level(a).localeCompare(level(b)) || a.given - b.given);
}

function UnsentRequest({ item, phone }: { item: Unsent; phone: string }) {
  const { urgency, modality_wanted, region, patient, clinical_question } = item.body as unknown as CommandBodies["request.submit"];
  const words = item.state === "refused" ? t("link.refused") : phone ? t("worklist.call", { phone }) : t("link.queued");
  return (
    <li class="unsent" data-unsent={item.cid}>
      <div class="row">
        <Urgency level={urgency} />
        <span class="grow">
          <b>{modality(modality_wanted)} {regions(region)}</b> · {[patient.birth_name, patient.given].filter(Boolean).join(" ")}{" "}
          <span class="muted">· {clinical_question}</span>
        </span>
      </div>
      <div class="row apart">
        <p class="strong row tight" role="alert"><Icon name="offline" />{words}</p>
        <span class="muted">{t("link.written", { at: hour(new Date(item.given).toISOString()) })}</span>
        {phone ? <a class="button primary" href={`tel:${phone.replace(/\s/g, "")}`}><Icon name="phone" />{phone}</a> : null}
      </div>
      <details open={item.state === "refused"}><summary>{t("link.show_unsent_one")}</summary><UnsentItem item={item} /></details>
    </li>
  );
}

export function UnsentRequests() {
  const link = core.link.value;
  const found = unsentRequests(link);
  if (!found.length) return null;
  const phone = link.phone || core.session.value?.phone || "";
  return (
    <section class="group" aria-labelledby="g-unsent">
      <h2 id="g-unsent"><Icon name="offline" />{t("worklist.unsent")} <span class="chip tabular">{number(found.length)}</span></h2>
      <ul class="rows">{found.map((item) => <UnsentRequest key={item.cid} item={item} phone={phone} />)}</ul>
    </section>
  );
}
