import { defineConfig } from "vitest/config";
import { languages } from "./texts.mjs";

// Properties run through thousands of histories, on a machine that may do other things too.
const TIMEOUT_MS = 60_000;

export default defineConfig({
  plugins: [languages],
  test: {
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/every_language.ts"],
    testTimeout: TIMEOUT_MS,
  },
});
