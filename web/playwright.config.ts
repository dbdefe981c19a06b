import { defineConfig } from "@playwright/test";

/** Runs against the real program: `make build` first. The browser is the system's own. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/start.ts",
  // Each worker has a server of its own (start.ts), so its tests never see the sessions of another worker.
  workers: process.env.PARLEY_DEV_JSON ? 1 : 2,
  // A wait that succeeds ends at once, so long limits cost nothing. No test may depend on the machine's speed.
  timeout: 900_000,
  expect: { timeout: 120_000 },
  reporter: [["list"]],
  use: {
    locale: "en-GB",
    actionTimeout: 120_000,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.PARLEY_CHROMIUM ?? process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--autoplay-policy=no-user-gesture-required",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
      ],
    },
  },
});
