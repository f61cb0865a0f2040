import { defineConfig } from "vite";

/** The three pages, and the looks of a fourth that the desk writes itself. The loader `sdk.js` is built apart: it needs a fixed name and no modules. */
export default defineConfig({
  appType: "mpa",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: {
        frame: "widget/index.html",
        console: "console/index.html",
        dashboard: "dashboard/index.html",
        help: "help/index.html",
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
  },
} as Parameters<typeof defineConfig>[0]);
