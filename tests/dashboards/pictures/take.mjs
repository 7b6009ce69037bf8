// take.mjs PROMETHEUS FOLDER: a picture of each board of FOLDER, into FOLDER/screenshots.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const [prometheus, folder] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const path = pathname === "/" ? "/index.html" : pathname;
  try {
    const body = readFileSync(join(extname(path) === ".json" ? folder : "dist", path));
    response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream").end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" "),
});
try {
  for (const board of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const name = board.slice(0, -".json".length);
    const page = await browser.newPage({ viewport: { width: 1280, height: 2200 } });
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(`http://127.0.0.1:${server.address().port}/?prometheus=${prometheus}&board=${name}`);
    const drawn = page.locator("#board");
    await drawn.waitFor();
    await page.waitForLoadState("networkidle");
    await drawn.screenshot({ path: join(folder, "screenshots", `${name}.png`), animations: "disabled" });
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
