import { existsSync } from "node:fs";
import { type Browser, launch } from "puppeteer-core";
import { afterAll, beforeAll, describe } from "vitest";
import { canInstallPackages, installPackages } from "../../scripts/toolchain/apt.ts";
import { which } from "../../scripts/toolchain/which.ts";

/** What Chromium and its relatives are called, on Debian and elsewhere. */
const names = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];
const onMac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
const debianPackage = "chromium-headless-shell";

/** Where Chromium is, or why there is none. */
type Found = { readonly path: string } | { readonly missing: string };

/** An installed Chromium; as root on Debian it is installed where there is none. */
async function findBrowser(): Promise<Found> {
  const installed = () => names.map((name) => which(name)).find((path) => path !== undefined);
  const found = installed() ?? (existsSync(onMac) ? onMac : undefined);
  if (found !== undefined) return { path: found };
  if (!canInstallPackages())
    return { missing: "no Chromium on PATH, and only root on Debian can install one here" };
  try {
    await installPackages([debianPackage]);
  } catch (error) {
    return { missing: (error as Error).message.split("\n")[0] ?? "" };
  }
  const path = installed();
  return path === undefined ? { missing: `${debianPackage} brought no program of that name` } : { path };
}

/**
 * Tests in a browser, which is given to them when they begin and closed after them. Where none can be had they count as skipped, and
 * their title says why.
 */
export async function describeInBrowser(
  title: string,
  tests: (browser: () => Browser) => void,
): Promise<void> {
  const found = await findBrowser();
  const missing = "missing" in found;
  describe.skipIf(missing)(missing ? `${title} (${found.missing})` : title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (!missing) browser = await startBrowser(found.path);
    });
    afterAll(() => browser?.close());
    tests(() => {
      if (browser === undefined) throw new Error("a test began before its browser");
      return browser;
    });
  });
}

function startBrowser(executablePath: string): Promise<Browser> {
  const shell = executablePath.endsWith("headless-shell");
  // Chromium's own sandbox refuses to work for root; what it opens here are our own files.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return launch({ executablePath, headless: shell ? "shell" : true, args });
}
