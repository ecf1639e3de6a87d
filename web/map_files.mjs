/**
 * Lays the ground of the maps (map/) and the labels of towns (towns/labels/) into one folder, whose name
 * has the digest of all that is in it, so that browsers keep its files for good.
 */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";

const SIZE = 10;
const LABELS_OF_THE_WORLD = 3; // a region
const NAMED_FROM = 15_000; // people: as many as the server's table of all towns has

/** What the pages have to know of it, as vite's `define`. */
export async function mapFiles(here, out) {
  const files = await contents(here("map"));
  const labels = await contents(here("towns/labels"));
  const world = {};
  const named = [];
  for (const [name, content] of labels) {
    const region = name.replace(/\.json$/, "");
    if (files.has(name)) files.set(`${region}.towns.json`, content);
    const towns = JSON.parse(content);
    world[region] = towns.slice(0, LABELS_OF_THE_WORLD);
    named.push(...towns.filter(([, , , people, , names]) => names && people >= NAMED_FROM));
  }
  // Every region has the file, so that none is asked for in vain.
  for (const name of [...files.keys()].filter((each) => /^[ns]\d+[we]\d+\.json$/.test(each)))
    if (!files.has(name.replace(".json", ".towns.json")))
      files.set(name.replace(".json", ".towns.json"), "[]");
  files.set("world.towns.json", JSON.stringify(world));
  files.set("names.json", JSON.stringify(named));
  const folder = `assets/map-${digest(files)}`;
  await mkdir(`${out}/${folder}`, { recursive: true });
  for (const [name, content] of files) await writeFile(`${out}/${folder}/${name}`, content);
  return { __MAP__: JSON.stringify(folder), __REGIONS__: JSON.stringify(kinds(files)) };
}

/** A digit a region, from the South Pole and the date line on: 0 nothing, 1 lines, 2 and a relief. */
function kinds(files) {
  const digits = [];
  for (let lat = -90; lat < 90; lat += SIZE)
    for (let lon = -180; lon < 180; lon += SIZE) digits.push(kind(files, nameOf(lon, lat)));
  return digits.join("");
}

function kind(files, name) {
  if (!files.has(`${name}.json`)) return 0;
  return files.has(`${name}.jpg`) ? 2 : 1;
}

function nameOf(lon, lat) {
  const [y, x] = [String(Math.abs(lat)).padStart(2, "0"), String(Math.abs(lon)).padStart(3, "0")];
  return `${lat < 0 ? "s" : "n"}${y}${lon < 0 ? "w" : "e"}${x}`;
}

async function contents(folder) {
  const names = (await readdir(folder)).filter((name) => /\.(json|jpg)$/.test(name)).sort();
  const read = names.map(async (name) => [name, await readFile(`${folder}/${name}`)]);
  return new Map(await Promise.all(read));
}

function digest(files) {
  const hash = createHash("sha256");
  for (const [name, content] of files) hash.update(name).update(content);
  return hash.digest("hex").slice(0, 8);
}
