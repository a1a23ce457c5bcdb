import { transformAsync } from "@babel/core";
import type { Plugin } from "vite";

/** Turns the macros of Lingui into plain calls, in the files that have any. */
export function macros(): Plugin {
  return {
    name: "keskus:macros",
    enforce: "pre",
    async transform(code, id) {
      const [file] = id.split("?");
      if (!/\.tsx?$/.test(file ?? "") || !code.includes('/macro"')) return null;
      const made = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ["typescript", "jsx"] },
        plugins: ["@lingui/babel-plugin-lingui-macro"],
      });
      return made?.code ? { code: made.code, map: made.map ?? null } : null;
    },
  };
}
