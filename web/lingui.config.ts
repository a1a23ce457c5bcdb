import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "et", "ru"],
  catalogs: [{ path: "src/texts/{locale}", include: ["src"], exclude: ["**/*.test.*"] }],
  orderBy: "message",
  format: formatter({ lineNumbers: false, printPlaceholdersInComments: false }),
});
