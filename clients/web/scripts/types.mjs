/** Write src/generated/wire.ts from the server's own types (any arguments are passed on). */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const own = `${root}.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(own) ? own : "python3");
const args = ["-m", "hub.wire.typescript", ...process.argv.slice(2)];
const { status } = spawnSync(python, args, { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
