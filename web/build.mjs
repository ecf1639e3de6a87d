/**
 * Builds the pages into ../src/forewave/web: index.html, tv.html, sensor.html, status.html, console.html, worker.js,
 * assets/, languages.json, and words/, the texts by language, for readers of other languages than English
 * and for channels, which send them to people.
 *
 * Beside each file is what brotli (.br) and gzip (.gz) make of it, which is served instead.
 *
 * Each page is one classic script (iife, ES2015), or two (second_script.mjs), because the browsers
 * of older TVs know no modules; so the pages are built one after the other. The service worker keeps its name
 * (worker.js), which browsers know it by, and its folder, which is its scope.
 */

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import postcssRtlcss from "postcss-rtlcss";
import { Mode } from "postcss-rtlcss/options";
import { build } from "vite";
import { mapFiles } from "./map_files.mjs";
import { addTexts, borrow, inBoth, namedTexts, share, usedExports } from "./second_script.mjs";
import { codes, language, languages, PAGES, texts } from "./texts.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Where they are built, and where they go once all are there: whoever serves the pages meanwhile has the old ones. */
const out = here("../src/forewave/.web");
const pages = here("../src/forewave/web");
/** One for all pages and the worker: it is the version of the files that the worker keeps. */
const BUILT_AT = Date.now();

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const MAP = await mapFiles(here, out);

/** The icon within each page, so that it costs no request. */
const icon = {
  name: "icon",
  async transformIndexHtml(html) {
    const svg = await readFile(here("phone/public/icon.svg"), "utf8");
    const written = encodeURIComponent(svg.replace(/\s+/g, " ").replace(/> </g, "><"));
    return html.replace('href="data:,"', `href="data:image/svg+xml,${written}"`);
  },
};

/** A classic script that waits for the page, as a module would. */
const classicScript = {
  name: "classic-script",
  transformIndexHtml: {
    order: "post",
    handler: (html) => html.replace(/<script type="module" crossorigin/g, "<script defer"),
  },
};

/** The languages whose words are synthesized (scripts/speech_clips.py). */
const clips = (await readdir(here("speech"))).map((name) => name.replace(/\.clips$/, ""));

/** Adds to each rule about left or right the same for texts that read from the right. */
const mirrored = postcssRtlcss({ mode: Mode.override });

function page(root, file, some) {
  return {
    root: here(root),
    configFile: false,
    base: "./", // the pages may be served under a prefix
    logLevel: "warn",
    plugins: [languages(some), icon, classicScript],
    css: { postcss: { plugins: [mirrored] } },
    define: {
      __BUILT_AT__: String(BUILT_AT),
      __LATER__: '""',
      __CLIPS__: JSON.stringify(clips),
      ...MAP,
    },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2015",
      cssTarget: "chrome61",
      modulePreload: false,
      cssCodeSplit: false, // a file: the pages allow no style within them
      rollupOptions: {
        input: here(`${root}/${file}`),
        output: { format: "iife" },
        transform: { define: { "import.meta": "{}" } }, // a classic script has none
      },
    },
  };
}

/** A page whose later.ts is a script of its own: it is loaded once the page is ready. */
async function twoScripts(root, file) {
  const entry = here(`${root}/main.ts`);
  const first = await modules(page(root, file));
  const second = usedExports(await modules(later(root, [languages()])));
  const shared = inBoth(usedExports(first), second);
  const all = texts("en", "pages");
  const named = namedTexts(first, all);
  const rest = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in named)));
  const plugins = [borrow(shared), languages(), addTexts(here(`${root}/later.ts`), rest)];
  const written = await build(later(root, plugins));
  const name = parts(written).find((part) => part.isEntry).fileName;
  const whole = page(root, file, named);
  whole.plugins.push(share(entry, shared));
  whole.define.__LATER__ = JSON.stringify(name);
  await build(whole);
}

function later(root, plugins) {
  return {
    ...page(root, "later.ts"),
    plugins,
    build: {
      ...page(root, "later.ts").build,
      rollupOptions: {
        input: here(`${root}/later.ts`),
        preserveEntrySignatures: "strict",
        output: {
          format: "iife",
          name: "forewaveLater",
          entryFileNames: `assets/${root}-later-[hash].js`,
        },
      },
    },
  };
}

async function modules(options) {
  return parts(await build({ ...options, build: { ...options.build, write: false } }));
}

/** vite answers with one output, or with a list of them. */
function parts(built) {
  return [built].flat().flatMap((each) => each.output);
}

/** The service worker: one script without a page. shells: what it keeps of which page. */
const worker = (shells) => ({
  ...page("worker", "main.ts"),
  define: { ...page("worker", "main.ts").define, __SHELLS__: JSON.stringify(shells) },
  build: {
    outDir: out,
    emptyOutDir: false,
    target: "es2018",
    rollupOptions: {
      input: here("worker/main.ts"),
      output: { format: "iife", entryFileNames: "worker.js" },
    },
  },
});

/** Runs a build; answers the address and the hash of each file that it has written. */
async function filesOf(built) {
  const before = new Set(await names());
  await built();
  const added = (await names()).filter((name) => !before.has(name));
  return Promise.all(added.map(async (name) => [addressOf(name), await sha256(name)]));
}

async function names() {
  const found = await readdir(out, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile());
  return files.map((each) => relative(out, `${each.parentPath}/${each.name}`)).sort();
}

/** A page is served under its name alone. */
function addressOf(name) {
  return name === "index.html" ? "" : name.replace(/\.html$/, "");
}

async function sha256(name) {
  return createHash("sha256")
    .update(await readFile(`${out}/${name}`))
    .digest("hex");
}

const phone = await filesOf(() => twoScripts("phone", "index.html"));
const tv = await filesOf(() => twoScripts("tv", "tv.html"));
await build(page("sensor", "sensor.html"));
await build(page("console", "status.html"));
await build(page("console", "console.html"));
await build(worker({ phone, tv }));
for (const page of PAGES) {
  const folder = `${out}/words${page === "pages" ? "" : `/${page}`}`;
  await mkdir(folder, { recursive: true });
  for (const code of codes())
    await writeFile(`${folder}/${code}.json`, JSON.stringify(texts(code, page)));
}
const about = Object.fromEntries(codes().map((code) => [code, language(code)]));
await writeFile(`${out}/languages.json`, JSON.stringify(about));
await cp(here("speech"), `${out}/speech`, { recursive: true });
for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || /\.(jpg|png|webp|mp3|ogg)$/.test(entry.name)) continue;
  const file = `${entry.parentPath}/${entry.name}`;
  const plain = await readFile(file);
  await writeFile(`${file}.br`, brotliCompressSync(plain)); // the best level, as is its default
  await writeFile(`${file}.gz`, gzipSync(plain, { level: 9 }));
}
await rm(pages, { recursive: true, force: true });
await rename(out, pages);
