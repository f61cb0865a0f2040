import { defineConfig } from "vite";

/** `sdk.js`: one classic script without imports, at a name that snippets can rely on. */
export default defineConfig({
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: "es2020",
    lib: { entry: "widget/loader/sdk.ts", formats: ["iife"], name: "deskLoader", fileName: () => "sdk.js" },
  },
});
