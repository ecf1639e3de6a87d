/**
 * Builds the pages into ../src/forewave/web: index.html, tv.html, sensor.html, status.html, worker.js, assets/,
 * land.json, and words/, the texts of the pages by language, which channels send to people.
 *
 * Beside each file is what brotli (.br) and gzip (.gz) make of it, which is served instead.
 *
 * Each page is one classic script (iife, ES2015), because the browsers of older TVs know no
 * modules; so the pages are built one after the other. The service worker keeps its name
 * (worker.js), which browsers know it by, and its folder, which is its scope.
 */

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
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
    base: "./", // the pages may be served under a prefix
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

/** The service worker: one script without a page. */
const worker = {
  ...page("worker", "main.ts"),
  build: {
    outDir: out,
    emptyOutDir: false,
    target: "es2018",
    rollupOptions: {
      input: here("worker/main.ts"),
      output: { format: "iife", entryFileNames: "worker.js" },
    },
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build(page("phone", "index.html"));
await build(page("tv", "tv.html"));
await build(page("sensor", "sensor.html"));
await build(page("console", "status.html"));
await build(worker);
await mkdir(`${out}/words`);
for (const each of await readdir(here("languages"), { withFileTypes: true })) {
  const { name } = each;
  if (each.isDirectory())
    await copyFile(here(`languages/${name}/pages.json`), `${out}/words/${name}.json`);
}
const atlas = createRequire(import.meta.url).resolve("world-atlas/land-50m.json");
await copyFile(atlas, `${out}/land.json`);
for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = `${entry.parentPath}/${entry.name}`;
  const plain = await readFile(file);
  await writeFile(`${file}.br`, brotliCompressSync(plain)); // the best level, as is its default
  await writeFile(`${file}.gz`, gzipSync(plain, { level: 9 }));
}
