import type { Plugin } from "vite";

const PAGE = /\/src\/main\.tsx$/;

/** Lets the browser bring the page's code and styles while its first script, which asks for them, is still on its way. */
export function preloaded(nonce: string): Plugin {
  let base = "/";
  return {
    name: "keskus:preloaded",
    apply: "build",
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {}, chunk: first }) {
        const page = Object.values(bundle).find((one) => one.type === "chunk" && PAGE.test(one.facadeModuleId ?? ""));
        if (page?.type !== "chunk") throw new Error("the page's code is not there");
        const known = new Set([first?.fileName, ...(first?.imports ?? [])]); // they stand in the page already
        const names = new Set<string>();
        const styles = new Set<string>();
        const visit = (name: string) => {
          const chunk = bundle[name];
          if (chunk?.type !== "chunk" || names.has(name) || known.has(name)) return;
          names.add(name);
          for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style);
          chunk.imports.forEach(visit);
        };
        visit(page.fileName);
        return [
          ...[...names].map((name) => ({ rel: "modulepreload", href: name })),
          ...[...styles].map((name) => ({ rel: "stylesheet", href: name })),
        ].map(({ rel, href }) => ({
          tag: "link",
          attrs: { rel, crossorigin: true, href: base + href, nonce },
          injectTo: "head" as const,
        }));
      },
    },
  };
}
