/**
 * Splits a page into two classic scripts: what an alert needs, and the rest, which is loaded once
 * the page is ready.
 *
 * The second script uses modules of the first one through a global list, because older browsers
 * know no modules. Which ones are shared follows from the two graphs: both are built by themselves
 * to see what is in them (`inBoth`), `share` makes the first one publish what both have, and
 * `borrow` puts a reference in its place in the second one. A module is known by its number in the
 * list, which both scripts of one build have.
 *
 * The English texts are split likewise: the first script has those that its modules name
 * (`namedTexts`), and the second one adds the rest to the same table.
 */

import { fileURLToPath } from "node:url";

const PUBLISHED = "forewaveShared";
const TABLE = "forewaveEnglish";
const ENGLISH = `${fileURLToPath(new URL("languages/en.toml", import.meta.url))}?pages`;

/** Modules of a built script with the exports that are used, by path. */
export function usedExports(output) {
  const modules = output.flatMap((part) => Object.entries(part.modules ?? {}));
  return new Map(modules.map(([path, { renderedExports }]) => [path, renderedExports]));
}

/** The texts that modules of a built script name: by their key, or by a template that it fits (`${a}.title`). */
export function namedTexts(output, texts) {
  const modules = output.flatMap((part) => Object.entries(part.modules ?? {}));
  const code = modules
    .filter(([path]) => !path.includes(".toml"))
    .map(([, { code }]) => code ?? "");
  const named = names(code.join("\n"));
  return Object.fromEntries(
    Object.entries(texts).filter(([key]) => named.some((one) => one.test(key))),
  );
}

const HOLE = /\$\{(?:[^{}]|\{[^{}]*\})*\}/g;

/** What strings and templates of a program may be, where they are made of nothing but letters of keys. */
function names(code) {
  const quoted = [...code.matchAll(/(["'`])([\w.-]+)\1/g)].map(([, , key]) => [key]);
  const templates = [...code.matchAll(/`([^`\n]*)`/g)].map(([, text]) => text.split(HOLE));
  const parts = [...quoted, ...templates].filter((one) => /^[\w.-]+$/.test(one.join("")));
  const escaped = parts.map((one) => one.map((part) => part.replace(/[.-]/g, "\\$&")).join(".+"));
  return [...new Set(escaped)].map((one) => new RegExp(`^${one}$`));
}

/** The modules, with the exports that the second script uses, which the first one has as well. */
export function inBoth(first, second) {
  return new Map([...second].filter(([path]) => first.has(path) && isCode(path)));
}

/** Makes the first script publish what the second one uses of it, and its table of English texts. */
export function share(entry, shared) {
  return {
    name: "share",
    transform(code, path) {
      if (path !== entry) return null;
      const rows = [...shared].map(([from, names], i) => publication(from, names, i));
      const imports = rows.map((row) => row.imports).join("\n");
      const fields = rows.map((row) => row.module).join(",\n");
      const english = `import english from ${JSON.stringify(ENGLISH)};`;
      const published = `window.${PUBLISHED} = [\n${fields}\n];\nwindow.${TABLE} = english;`;
      return `${imports}\n${english}\n${published}\n${code}`;
    },
  };
}

/** Makes the second script take from the first one what that has published. */
export function borrow(shared) {
  const numbers = new Map([...shared.keys()].map((path, i) => [path, i]));
  return {
    name: "borrow",
    enforce: "pre",
    load(path) {
      const names = shared.get(path);
      if (!names) return null;
      const from = `window.${PUBLISHED}[${numbers.get(path)}]`;
      const exports = names.map((name, i) => `const _${i} = from.${name};`).join("\n");
      const list = names.map((name, i) => `_${i} as ${name}`).join(", ");
      return `const from = ${from};\n${exports}\nexport { ${list} };`;
    },
  };
}

/** Makes the second script add its English texts to the table of the first one. */
export function addTexts(entry, texts) {
  return {
    name: "add-texts",
    transform(code, path) {
      if (path !== entry) return null;
      return `Object.assign(window.${TABLE}, ${JSON.stringify(texts)});\n${code}`;
    },
  };
}

function publication(from, names, index) {
  const local = names.map((name, i) => `${name} as shared_${index}_${i}`).join(", ");
  const fields = names.map((name, i) => `${name}: shared_${index}_${i}`).join(", ");
  return {
    imports: `import { ${local} } from ${JSON.stringify(from)};`,
    module: `{ ${fields} }`,
  };
}

function isCode(path) {
  return /\.(ts|mjs|js|json|toml\?\w+)$/.test(path) && !path.includes("\0");
}
