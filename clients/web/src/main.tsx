import { render } from "preact";
import { core } from "./core";
import { App } from "./views/App";

const root = document.getElementById("app");
if (root) {
  void core.start();
  render(<App />, root);
}

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => undefined); // the page works without it
  });
}
