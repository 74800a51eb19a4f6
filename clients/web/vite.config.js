import { defineConfig } from "vitest/config";
import { finish } from "./scripts/finish.mjs";

const hub = process.env.EXAMROOM_HUB ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../hub/edge/client",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    manifest: false,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { index: "index.html" } },
  },
  plugins: [finish()],
  server: { proxy: { "/api": hub, "/demo": hub, "/ws": { target: hub, ws: true } } },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts", "tests/**/*.test.tsx", "src/**/*.test.ts", "src/**/*.test.tsx"] },
});
