/** A Vite plugin that ends a build: the service worker with its list, and a .gz beside each text. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

export function finish() {
  let out = "";
  return {
    name: "examroom-finish",
    apply: "build",
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    writeBundle() {
      const kept = files(out).filter((path) => TEXT.test(path) && !path.endsWith("sw.js"));
      const listed = kept.map((path) => "/" + relative(out, path).replaceAll("\\", "/"));
      const version = createHash("sha256");
      for (const path of kept) version.update(readFileSync(path));
      const precache = listed.map((path) => (path === "/index.html" ? "/" : path));
      const worker = join(out, "sw.js");
      const text = readFileSync(worker, "utf-8")
        .replace('"__VERSION__"', JSON.stringify(version.digest("hex").slice(0, 16)))
        .replace('["__PRECACHE__"]', JSON.stringify(precache));
      writeFileSync(worker, text);
      for (const path of [...kept, worker]) {
        writeFileSync(path + ".gz", gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}
