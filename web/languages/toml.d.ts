/** What the plugin of texts.mjs makes of a file; keys.d.ts is written by `npm run check`. */

declare module "*/en.toml?pages" {
  const texts: Readonly<Record<import("./keys").pages, string>>;
  export default texts;
}

declare module "*/en.toml?sensor" {
  const texts: Readonly<Record<import("./keys").sensor, string>>;
  export default texts;
}

declare module "*/en.toml?status" {
  const texts: Readonly<Record<import("./keys").status, string>>;
  export default texts;
}
