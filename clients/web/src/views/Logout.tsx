/** Logging out with something unsent: said first, and nothing is thrown away that nobody gave up. */
import { Dialog } from "../components/Dialog";
import { core } from "../core";
import { plural, t } from "../i18n";
import { UnsentItem } from "./LinkLine";
import { overlay } from "./overlay";

export function Logout() {
  const unsent = core.unsent.value;
  const close = (): void => void (overlay.value = "");
  const leave = (what: "keep" | "delete"): void => {
    close();
    void core.logout(what);
  };
  const foot = (
    <>
      <button type="button" onClick={close}>{t("common.cancel")}</button>
      {unsent.length ? <button type="button" class="danger" onClick={() => leave("delete")}>{t("logout.delete")}</button> : null}
      <button type="button" class="primary" onClick={() => leave("keep")}>{unsent.length ? t("logout.keep") : t("account.logout")}</button>
    </>
  );
  return (
    <Dialog title={t("account.logout")} onClose={close} foot={foot}>
      <p class="strong">{unsent.length ? plural("logout.unsent", unsent.length) : t("logout.all_sent")}</p>
      {unsent.length ? <p>{core.link.value.volatile ? t("logout.volatile") : t("logout.kept")}</p> : null}
      <div class="stack">{unsent.map((item) => <UnsentItem key={item.cid} item={item} />)}</div>
    </Dialog>
  );
}
