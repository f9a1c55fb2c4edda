// The editor of 60 zones and 300 conduits in a browser that has seen nothing of the program yet: from asking for the page to its first painted box, and to
// the frame in which all boxes and lines are there, against the same page of the commit with one zone. One JSON line a figure, as the other programs.
// Usage: ZONEWRIGHT_ZW=zw node editor.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage, setUp, startBrowser, startServer } from '../tests/web/harness.mjs';
import { bigPlant } from '../tests/web/plant.mjs';
import { figure, median, painted } from './painted.mjs';

const ZONES = 60;
const CONDUITS = 300;
const ROUNDS = 5;

const count = ([selector, n]) => document.querySelectorAll(selector).length >= n;

async function look(browser, server, state, at, zones, conduits) {
  const { context, page } = await openPage(browser, { state });
  await page.goto(`${server.base}/p/MAIN/drawing${at}`, { waitUntil: 'commit' });
  const first = await painted(page, count, ['.react-flow__node', 1]);
  await painted(page, count, ['.react-flow__node', zones]);
  const all = await painted(page, count, ['.react-flow__edge', conduits]);
  await context.close();
  return { first, all };
}

const server = await startServer({ sample: false });
const browser = await startBrowser();
try {
  const state = await setUp(browser, server);
  const file = join(server.folder, 'plant.ndjson');
  writeFileSync(file, bigPlant(ZONES, CONDUITS));
  await server.zw('add', 'zone', 'title=Area');
  const [{ commit: early }] = JSON.parse(await server.zw('log', '--json'));
  await server.zw('import', file);
  const many = [];
  const one = [];
  for (let round = 0; round < ROUNDS; round++) {
    many.push(await look(browser, server, state, '', ZONES, CONDUITS));
    one.push(await look(browser, server, state, `?at=${early}`, 1, 0));
  }
  const of = (rounds, name) => median(rounds.map((round) => round[name]));
  figure(`editor of ${ZONES} zones and ${CONDUITS} conduits: first painted box`, 's', of(many, 'first'), 'a plant with one zone', of(one, 'first'));
  figure('the same: all boxes and lines', 's', of(many, 'all'), 'a plant with one zone', of(one, 'all'));
} finally {
  await browser.close();
  await server.stop();
}
