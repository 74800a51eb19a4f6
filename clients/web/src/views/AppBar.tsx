/** The header: home, palette, alarm, language, and who I am with what goes with it. */
import { Icon } from "../components/Icon";
import { Check } from "../components/Field";
import { core } from "../core";
import { t } from "../i18n";
import { LinkLine } from "./LinkLine";
import { overlay } from "./overlay";
import { singleKeys } from "./prefs";
import { LangSwitch, ThemeSwitch } from "./switches";
import { toast } from "./toasts";
import { role } from "./words";

export function AlarmButton() {
  const { armed, ringing } = core.alarm;
  const toggle = async (): Promise<void> => {
    if (armed.value) core.alarm.disarm();
    else if (!(await core.alarm.arm())) toast(t("alarm.refused"), true);
  };
  if (ringing.value)
    return (
      <button type="button" class="primary" onClick={() => core.alarm.silence()}>
        <Icon name="bell" />{t("alarm.silence")}
      </button>
    );
  return (
    <button type="button" aria-pressed={armed.value} onClick={() => void toggle()} title={armed.value ? t("alarm.armed_hint") : t("alarm.arm_hint")}>
      <Icon name={armed.value ? "bell" : "bell-off"} />
      <span class="wide-only">{armed.value ? t("alarm.armed") : t("alarm.arm")}</span>
      <span class="vh">{armed.value ? t("alarm.armed_hint") : t("alarm.arm_hint")}</span>
    </button>
  );
}

async function logout(): Promise<void> {
  if (!(await core.logout())) overlay.value = "logout";
}

function AccountMenu() {
  const me = core.session.value?.person;
  if (!me) return null;
  return (
    <>
      <button type="button" class="quiet account" popovertarget="account">
        <Icon name="user" />
        <span class="who wide-only"><b>{me.name}</b><small>{role(me.role)} · {me.site_name}</small></span><span class="vh"> {t("account.menu")}</span>
      </button>
      <div id="account" class="menu stack" popover="auto">
        <p><b>{me.name}</b><br /><span class="muted small">{role(me.role)} · {me.site_name}</span></p>
        <hr />
        <ThemeSwitch />
        <Check label={t("keys.single")} checked={singleKeys.value} onChange={(on) => (singleKeys.value = on)} />
        <button type="button" class="quiet" popovertarget="account" onClick={() => (overlay.value = "keys")}><Icon name="keys" />{t("keys.title")}</button>
        {core.alarm.armed.value ? (
          <button type="button" class="quiet" onClick={() => void core.alarm.arm()}><Icon name="bell" />{t("alarm.test")}</button>
        ) : null}
        <button type="button" class="quiet" popovertarget="account" onClick={() => (overlay.value = "devices")}><Icon name="bell" />{t("account.devices")}</button>
        <hr />
        <button type="button" popovertarget="account" onClick={() => void logout()}><Icon name="out" />{t("account.logout")}</button>
      </div>
    </>
  );
}

export function AppBar() {
  return (
    <header>
      <div class="appbar">
        <a class="brand" href={core.href({ page: "worklist" })}>
          <Icon name="brand" /><span class="wide-only">examroom</span><span class="vh"> {t("worklist.title")}</span>
        </a>
        <span class="grow" />
        <button type="button" class="quiet" onClick={() => (overlay.value = "palette")} aria-keyshortcuts="Control+K">
          <Icon name="search" /><span class="wide-only palette-word">{t("palette.open")} <kbd>Ctrl K</kbd></span>
          <span class="vh">{t("palette.title")}</span>
        </button>
        <AlarmButton />
        <LangSwitch />
        <AccountMenu />
      </div>
      <LinkLine />
    </header>
  );
}
