// Checks that every text of the sources is in the catalogues, and none besides, and that none lacks a translation.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const CATALOGUES = ["en", "et", "ru"].flatMap((language) => [language, `admin/${language}`]);
const fileOf = (catalogue) => `src/texts/${catalogue}.po`;
const entriesOf = (text) => text.split("\n\n").slice(1).join("\n\n"); // without the head, which has the hour

const before = new Map(CATALOGUES.map((catalogue) => [catalogue, readFileSync(fileOf(catalogue), "utf8")]));
execFileSync("npx", ["lingui", "extract", "--clean"], { stdio: "ignore" });
const faults = [];
for (const [catalogue, text] of before) {
    if (entriesOf(text) !== entriesOf(readFileSync(fileOf(catalogue), "utf8"))) {
        faults.push(
            `${fileOf(catalogue)} is not of the sources as they are: run \`npm run texts\`, and translate what is new.`,
        );
    }
    writeFileSync(fileOf(catalogue), text);
    for (const entry of text.split("\n\n").slice(1)) {
        if (/^msgstr ""\s*$(?!\n")/m.test(entry))
            faults.push(`${fileOf(catalogue)} lacks: ${/^msgid (.*)$/m.exec(entry)?.[1] ?? ""}`);
    }
}
if (faults.length) {
    process.stderr.write(`${faults.join("\n")}\n`);
    process.exit(1);
}
