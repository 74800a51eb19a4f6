/** Who is there: login and password; in the demo, one link a person. */
import { useSignal } from "@preact/signals";
import { Icon } from "../components/Icon";
import { Refused } from "../components/Notice";
import { TextField } from "../components/Field";
import { core, type Refusal } from "../core";
import { t } from "../i18n";
import { LangSwitch, ThemeSwitch } from "./switches";
import { role } from "./words";

export function Login() {
  const name = useSignal("");
  const password = useSignal("");
  const busy = useSignal(false);
  const refusal = useSignal<Refusal | null>(null);
  const config = core.config.value;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    refusal.value = await core.login(name.value.trim(), password.value);
    busy.value = false;
    if (refusal.value) password.value = "";
  };
  return (
    <main class="login" id="main">
      <div class="row apart">
        <span class="brand"><Icon name="brand" />examroom</span>
        <span class="row"><LangSwitch /></span>
      </div>
      <h1>{t("login.title")}</h1>
      <form class="stack wide" onSubmit={submit}>
        <TextField label={t("login.name")} value={name.value} onInput={(v) => (name.value = v)} autoComplete="username" required />
        <TextField label={t("login.password")} type="password" value={password.value} onInput={(v) => (password.value = v)} autoComplete="current-password" required />
        <Refused refusal={refusal.value} />
        <button class="primary full" disabled={busy.value}>{busy.value ? t("login.busy") : t("login.go")}</button>
      </form>
      {config?.demo && config.cast?.length ? (
        <section class="stack" aria-labelledby="cast">
          <h2 id="cast">{t("login.demo")}</h2>
          <p class="muted">{t("login.demo_note")}</p>
          <div class="cast">
            {config.cast.map((one) => (
              <a key={one.person} class="button" href={one.link}>
                <Icon name="user" />
                <span class="grow"><b>{one.name}</b><br /><span class="small muted">{role(one.role)} · {one.site_name}</span></span>
                <Icon name="arrow" />
              </a>
            ))}
          </div>
        </section>
      ) : null}
      {config?.phone ? <p class="muted">{t("login.phone", { phone: config.phone })}</p> : null}
      <ThemeSwitch />
    </main>
  );
}
