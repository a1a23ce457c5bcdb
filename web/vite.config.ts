import { fileURLToPath } from "node:url";

import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compressed } from "./tools/compressed.ts";
import { macros } from "./tools/macros.ts";

/** Stands in the page for the nonce, which the service makes for each answer. */
const NONCE = "{{nonce}}";

export default defineConfig({
  base: "/desk/",
  html: { cspNonce: NONCE },
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  plugins: [macros(), lingui(), react(), compressed()],
  build: {
    outDir: "../app/service/desktop/built",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"], // from these on, browsers know light-dark()
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the page's policy allows no address that begins with `data:`
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        chunkFileNames: ({ facadeModuleId }) =>
          `assets/${facadeModuleId?.includes("/texts/admin/") ? "admin-" : ""}[name]-[hash].js`,
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/ws": { target: "ws://127.0.0.1:8000", ws: true } } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    pool: "threads",
    isolate: false,
  },
});
