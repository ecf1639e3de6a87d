import { defineConfig } from "vitest/config";

export default defineConfig({ test: {
    testTimeout: 60_000, // properties of thousands of histories, on a machine that does other things too include: ["tests/*.test.ts"] } });
