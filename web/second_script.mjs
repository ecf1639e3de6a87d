/**
 * Splits a page into two classic scripts: what an alert needs, and the rest, which is loaded once
 * the page is ready.
 *
 * The second script uses modules of the first one through a global list, because older browsers
 * know no modules. Which ones are shared follows from the two graphs: both are built by themselves
 * to see what is in them (`inBoth`), `share` makes the first one publish what both have, and
 * `borrow` puts a reference in its place in the second one. A module is known by its number in the
 * list, which both scripts of one build have.
 */

const PUBLISHED = "forewaveShared";

/** Modules of a built script with the exports that are used, by path. */
export function usedExports(output) {
  const modules = output.flatMap((part) => Object.entries(part.modules ?? {}));
  return new Map(modules.map(([path, { renderedExports }]) => [path, renderedExports]));
}

/** The modules, with the exports that the second script uses, which the first one has as well. */
export function inBoth(first, second) {
  return new Map([...second].filter(([path]) => first.has(path) && isCode(path)));
}

/** Makes the first script publish what the second one uses of it. */
export function share(entry, shared) {
  return {
    name: "share",
    transform(code, path) {
      if (path !== entry) return null;
      const rows = [...shared].map(([from, names], i) => publication(from, names, i));
      const imports = rows.map((row) => row.imports).join("\n");
      const fields = rows.map((row) => row.module).join(",\n");
      return `${imports}\nwindow.${PUBLISHED} = [\n${fields}\n];\n${code}`;
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
