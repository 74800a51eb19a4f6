/** Fails where the first load (the page, and the JS and CSS that it names) is above its budget. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET = 60_000;
const out = fileURLToPath(new URL("../../../hub/edge/client/", import.meta.url));
const page = readFileSync(`${out}index.html`, "utf-8");
const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((found) => found[1]);
let total = 0;
for (const name of ["index.html", ...new Set(named)]) {
  const size = gzipSync(readFileSync(out + name), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(7)} B gz  ${name}`);
}
console.log(`${String(total).padStart(7)} B gz  of ${BUDGET}`);
if (total > BUDGET || named.length === 0) {
  console.error("first load is above its budget");
  process.exit(1);
}
