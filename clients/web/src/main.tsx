import { render } from "preact";
import { core } from "./core";
import { App } from "./views/App";

const root = document.getElementById("app");
if (root) {
  void core.start();
  render(<App />, root);
}
