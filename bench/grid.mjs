// The first paint of a page on loopback, and the frames of the grid of 50,000 rows while it is scrolled without a pause (24,000 pixels a second), in a browser.
// One JSON line a figure, as the other programs. Usage: ZONEWRIGHT_ZW=zw node grid.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage, setUp, startBrowser, startServer } from '../tests/web/harness.mjs';

const ROWS = 50_000;
const LOADS = 10;
const FRAMES = 600;
const STEP_PX = 400;

const share = (values, part) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)];

function figure(name, ours, goal) {
  console.log(JSON.stringify({ name, unit: 's', ours, peer: `goal of ${goal * 1000} ms`, theirs: goal, ratio: goal / ours }));
}

/** Seconds from the navigation to the first paint, of a browser that has been here. */
async function firstPaint(page, address) {
  await page.goto(address);
  await page.locator('.grid-body [role=row]').first().waitFor();
  return page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000);
}

/** Seconds between the frames in which the grid goes on by a step, or stands still; more rows are read on the way. */
function scroll(page, step) {
  return page.evaluate(
    ({ n, step }) =>
      new Promise((done) => {
        const grid = document.querySelector('[role=grid]');
        const frames = [];
        let last = null;
        const next = (now) => {
          if (last !== null) frames.push((now - last) / 1000);
          last = now;
          grid.scrollTop += step;
          if (frames.length < n) requestAnimationFrame(next);
          else done({ frames, far: grid.scrollTop });
        };
        requestAnimationFrame(next);
      }),
    { n: FRAMES, step },
  );
}

const server = await startServer({ sample: false });
const browser = await startBrowser();
try {
  const state = await setUp(browser, server);
  const file = join(server.folder, 'rows.ndjson');
  writeFileSync(file, Array.from({ length: ROWS }, (_, i) => `${JSON.stringify({ op: 'item', kind: 'requirement', title: `The system does what is asked for under ${i}` })}\n`).join(''));
  await server.zw('import', file);
  const { page } = await openPage(browser, { state });
  const address = `${server.base}/p/MAIN/requirements`;
  await firstPaint(page, address);
  const paints = [];
  for (let i = 0; i < LOADS; i++) paints.push(await firstPaint(page, address));
  figure(`first paint of the grid of ${ROWS} rows, median`, share(paints, 0.5), 0.3);
  figure('the same: frames of the page that stands still, p95', share((await scroll(page, 0)).frames, 0.95), 0.025);
  const { frames, far } = await scroll(page, STEP_PX);
  if (far === 0) throw new Error('the grid did not move');
  figure('the same: frames while it is scrolled, p95', share(frames, 0.95), 0.025);
  figure('the same: frames while it is scrolled, p99', share(frames, 0.99), 0.025);
} finally {
  await browser.close();
  await server.stop();
}
