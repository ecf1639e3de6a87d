import { defineConfig } from "vitest/config";
import { languages } from "./texts.mjs";

// Properties run through thousands of histories, on a machine that may do other things too.
const TIMEOUT_MS = 60_000;
/** Where the report on accessibility is made, if it is (tests/evidence.ts). */
const folder = process.env["FOREWAVE_ACCESSIBILITY"];

export default defineConfig({
  plugins: [languages()],
  test: {
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/every_language.ts"],
    testTimeout: TIMEOUT_MS,
    reporters: folder
      ? ["default", ["json", { outputFile: `${folder}/vitest.json` }]]
      : ["default"],
  },
});
