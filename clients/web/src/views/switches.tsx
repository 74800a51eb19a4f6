/** Language and theme, one tap each. */
import { Choice } from "../components/Field";
import { lang, setLang, t } from "../i18n";
import { theme, type Theme } from "./prefs";

export function LangSwitch() {
  const next = lang.value === "fr" ? "en" : "fr";
  return (
    <button type="button" class="quiet" lang={next} onClick={() => void setLang(next)} title={next === "en" ? "English" : "Français"}>
      {next === "en" ? "EN" : "FR"}<span class="vh">{next === "en" ? " – switch to English" : " – passer en français"}</span>
    </button>
  );
}

export function ThemeSwitch() {
  return (
    <Choice<Theme>
      label={t("theme.title")} value={theme.value} onPick={(value) => (theme.value = value)}
      options={[
        { value: "dark", label: t("theme.dark") },
        { value: "light", label: t("theme.light") },
        { value: "system", label: t("theme.system") },
      ]}
    />
  );
}
