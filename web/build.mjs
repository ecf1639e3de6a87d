/**
 * Builds the pages into ../src/forewave/web: index.html, tv.html, sensor.html, status.html, assets/, land.json.
 *
 * Each page is one classic script (iife, ES2015), because the browsers of older TVs know no
 * modules; so the pages are built one after the other.
 */

import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/forewave/web");

/** A classic script that waits for the page, as a module would. */
const classicScript = {
  name: "classic-script",
  transformIndexHtml: {
    order: "post",
    handler: (html) => html.replace(/<script type="module" crossorigin/g, "<script defer"),
  },
};

function page(root, file) {
  return {
    root: here(root),
    configFile: false,
    base: "/",
    logLevel: "warn",
    plugins: [classicScript],
    define: { __BUILT_AT__: String(Date.now()) },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2015",
      cssTarget: "chrome61",
      modulePreload: false,
      cssCodeSplit: false, // a file: the pages allow no style within them
      rollupOptions: { input: here(`${root}/${file}`), output: { format: "iife" } },
    },
  };
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build(page("phone", "index.html"));
await build(page("tv", "tv.html"));
await build(page("sensor", "sensor.html"));
await build(page("console", "status.html"));
const atlas = createRequire(import.meta.url).resolve("world-atlas/land-50m.json");
await copyFile(atlas, `${out}/land.json`);
