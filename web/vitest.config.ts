import { defineConfig } from "vitest/config";

// Properties run through thousands of histories, on a machine that may do other things too.
const TIMEOUT_MS = 60_000;

export default defineConfig({
  test: { include: ["tests/**/*.test.ts"], testTimeout: TIMEOUT_MS },
});
