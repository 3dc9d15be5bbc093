// Whether built pages are valid HTML.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { folder } from "./store.mjs";

/** The faults of these files of the store. */
export async function htmlFaults(paths) {
  const configuration = join(dirname(fileURLToPath(import.meta.url)), "..", ".htmlvalidate.json");
  const checker = new HtmlValidate(new FileSystemConfigLoader(JSON.parse(await readFile(configuration, "utf8"))));
  const faults = [];
  for (const path of paths) {
    const report = await checker.validateString(await readFile(join(folder, path), "utf8"), `${path}.html`);
    for (const { messages } of report.results) {
      for (const { line, column, ruleId, message } of messages) faults.push(`${path}:${line}:${column} ${ruleId}: ${message}`);
    }
  }
  return faults;
}
