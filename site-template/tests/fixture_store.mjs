// Builds a store of xtask/tests/fixtures/ for the tests of one file; they import store.mjs behind that.
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Builds the store `name`, and makes it the one that is looked at; `end` takes it away. */
export async function builtStore(name) {
  const repository = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
  const program = process.env.SHOPFRONT ?? join(repository, "target", "debug", "xtask");
  const root = await mkdtemp(join(tmpdir(), `${name}-`));
  await cp(join(repository, "xtask", "tests", "fixtures", name), root, { recursive: true });
  await promisify(execFile)(program, ["build", "--offline", "--root", root, "--out", join(root, "dist")]);
  process.env.SITE_DIR = join(root, "dist");
  return { end: () => rm(root, { recursive: true }) };
}
