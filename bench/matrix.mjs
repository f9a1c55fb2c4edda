// A trace matrix of 2,000 x 2,000 in a browser that has seen nothing of the program yet: from asking for the page to its first painted
// cells, against the same page with nothing in it; and from there to the last row and column. One JSON line a figure, as the other programs. Usage: ZONEWRIGHT_ZW=zw node matrix.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPage, setUp, startBrowser, startServer } from '../tests/web/harness.mjs';
import { figure, median, painted } from './painted.mjs';

const SIDE = 2000;
const LINKS = 5;
const ROUNDS = 5;
const DRAWN_MOST = 2500;

/** Requirements and countermeasures, each row with some links all over the columns. */
function* operations() {
  for (let i = 1; i <= SIDE; i++) {
    yield { op: 'item', kind: 'requirement', key: `RQ-${i}`, title: `The system does what is asked for under ${i}` };
    yield { op: 'item', kind: 'countermeasure', key: `CM-${i}`, title: `Measure ${i} against what is known` };
  }
  for (let i = 1; i <= SIDE; i++) {
    for (let k = 0; k < LINKS; k++) yield { op: 'link', from: `CM-${((i * 7 + k * 401) % SIDE) + 1}`, type: 'relates_to', to: `RQ-${i}` };
  }
}

/** The page for kinds of which there are no items. */
async function lookAtNothing(browser, server, state) {
  const { context, page } = await openPage(browser, { state });
  await page.goto(`${server.base}/p/MAIN/matrix?from=hazard&to=hazard`, { waitUntil: 'commit' });
  const seconds = await painted(page, () => document.querySelector('.empty') !== null);
  await context.close();
  return seconds;
}

async function look(browser, server, state) {
  const { context, page } = await openPage(browser, { state });
  const answers = [];
  page.on('response', (response) => {
    if (response.url().includes('/trace-matrix')) answers.push(response.body().then((body) => body.length));
  });
  await page.goto(`${server.base}/p/MAIN/matrix`, { waitUntil: 'commit' });
  const first = await painted(page, () => document.querySelectorAll('.tracegrid-cell').length > 0);
  const drawn = await page.locator('.tracegrid *').count();
  const before = await page.evaluate(() => performance.now() / 1000);
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+End');
  const last = await painted(page, (column) => document.querySelector(`[role=columnheader][aria-colindex="${column}"]`) !== null, SIDE + 1);
  const bytes = Math.max(...(await Promise.all(answers)));
  await context.close();
  return { first, last: last - before, drawn, bytes };
}

const server = await startServer({ sample: false });
const browser = await startBrowser();
try {
  const state = await setUp(browser, server);
  const file = join(server.folder, 'matrix.ndjson');
  writeFileSync(file, [...operations()].map((one) => `${JSON.stringify(one)}\n`).join(''));
  await server.zw('import', file);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push({ ...(await look(browser, server, state)), nothing: await lookAtNothing(browser, server, state) });
  const of = (name) => median(rounds.map((round) => round[name]));
  figure(`trace matrix of ${SIDE} x ${SIDE}: first painted cells`, 's', of('first'), 'goal of 1 s', 1);
  figure('the same', 's', of('first'), 'the page with nothing in it', of('nothing'));
  figure('the same: to its last column', 's', of('last'), 'goal of 1 s', 1);
  figure('the same: elements drawn', '1', of('drawn'), `limit of ${DRAWN_MOST}`, DRAWN_MOST);
  figure('the same: largest answer, MiB', 'MiB', of('bytes') / 2 ** 20, 'limit of 1 MiB', 1);
} finally {
  await browser.close();
  await server.stop();
}
