import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "et", "ru"],
  // Operators do not load what administrators and supervisors alone read.
  catalogs: [
    {
      path: "src/texts/{locale}",
      include: ["src"],
      exclude: ["**/*.test.*", "src/pages/admin/**", "src/pages/campaigns/**"],
    },
    { path: "src/texts/admin/{locale}", include: ["src/pages/admin", "src/pages/campaigns"], exclude: ["**/*.test.*"] },
  ],
  orderBy: "message",
  format: formatter({ lineNumbers: false, printPlaceholdersInComments: false }),
});
