/** Before any test: all texts of all languages are known, as if a person had read all of them. */

import { TEXTS as STATUS } from "../console/common/words";
import { TEXTS as PAGES } from "../languages/language";
import { CODES, learn, type Tables } from "../languages/table";
import { TEXTS as SENSOR } from "../sensor/words";

type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

const FILES: readonly [Tables<string>, Files][] = [
  [
    PAGES,
    import.meta.glob("../languages/*.toml", { query: "?pages", eager: true, import: "default" }),
  ],
  [
    SENSOR,
    import.meta.glob("../languages/*.toml", { query: "?sensor", eager: true, import: "default" }),
  ],
  [
    STATUS,
    import.meta.glob("../languages/*.toml", { query: "?status", eager: true, import: "default" }),
  ],
];

for (const [tables, files] of FILES)
  for (const code of CODES) learn(tables, code, files[`../languages/${code}.toml`]!);
