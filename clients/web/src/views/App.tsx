/** The whole page: who is there, which screen, and what lies over it. */
import type { ComponentType } from "preact";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import "../styles/index.css";
import { Empty } from "../components/Notice";
import { core } from "../core";
import { keptLang, setLang, t } from "../i18n";
import { answerWorker, renewAlerts } from "./alerted";
import { AppBar } from "./AppBar";
import { listenToKeys } from "./keys";
import { Login } from "./Login";
import { doing, overlay } from "./overlay";
import { keepZone } from "./sites";
import { RingBar } from "./RingBar";
import { Toasts } from "./toasts";
import { Worklist } from "./worklist/Worklist";

/** Fetches of the views that are not here yet, for when the browser is idle: a key must not wait for the network. */
const ahead: (() => void)[] = [];

function fetchAhead(): void {
  const when = typeof requestIdleCallback === "function" ? requestIdleCallback : (run: () => void) => setTimeout(run, 500);
  when(() => ahead.forEach((fetchIt) => fetchIt()));
}

/** A view that is fetched when the page is idle or it is first shown; says so when it cannot be. */
function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const view = signal<ComponentType<P> | null>(null);
  const failed = signal(false);
  const fetchIt = (): void => {
    failed.value = false;
    if (view.value) return;
    load().then((got) => (view.value = got), () => (failed.value = true));
  };
  ahead.push(fetchIt);
  return function Later(props: P) {
    useEffect(fetchIt, []);
    if (view.value) {
      const View = view.value;
      return <View {...props} />;
    }
    if (!failed.value) return <p class="page muted" role="status">{t("common.loading")}</p>;
    return (
      <div class="page"><Empty icon="offline">
        <p>{t("common.view_failed")}</p>
        <button type="button" onClick={fetchIt}>{t("common.again")}</button>
      </Empty></div>
    );
  };
}

const RoomPage = later(() => import("./room/RoomPage").then((m) => m.RoomPage));
const RequestForm = later(() => import("./request/RequestForm").then((m) => m.RequestForm));
const ActHost = later(() => import("./room/acts/ActHost").then((m) => m.ActHost));
const Palette = later(() => import("./Palette").then((m) => m.Palette));
const Account = later(() => import("./Account").then((m) => m.Account));
const KeySheet = later(() => import("./KeySheet").then((m) => m.KeySheet));

function Screen() {
  const route = core.route.value;
  if (route.page === "new") return <RequestForm />;
  if (route.page === "unknown")
    return (
      <main class="page" id="main"><Empty icon="search">
        <p>{t("common.no_page")}</p>
        <a class="button" href={core.href({ page: "worklist" })}>{t("worklist.title")}</a>
      </Empty></main>
    );
  return <Worklist />;
}

export function App() {
  useEffect(() => {
    if (keptLang() === "en") void setLang("en");
    const stops = [listenToKeys(), keepZone(), answerWorker()];
    return () => stops.forEach((stop) => stop());
  }, []);
  const session = core.session.value;
  const me = session?.person;
  const known = Boolean(session);
  useEffect(() => {
    if (known) fetchAhead();
  }, [known]);
  useEffect(() => {
    if (me) renewAlerts(me.id);
  }, [me?.id]);
  useEffect(() => {
    if (me?.lang === "en" && !keptLang()) void setLang("en");
  }, [me?.id]);
  if (session === undefined)
    return <main class="page" id="main"><p class="muted" role="status">{t("common.loading")}</p></main>;
  if (session === null || core.route.value.page === "login") return <><Login /><Toasts /></>;
  const route = core.route.value;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}>{t("common.skip")}</a>
      <RingBar />
      {route.page === "room" ? <RoomPage key={route.room} id={route.room} /> : <><AppBar /><Screen /></>}
      {doing.value ? <ActHost /> : null}
      {overlay.value === "palette" ? <Palette /> : overlay.value === "keys" ? <KeySheet /> : overlay.value ? <Account /> : null}
      <Toasts />
    </>
  );
}
