// The drawing of zones and conduits: done by keyboard alone, saying what its table says, read-only where one may not change,
// and open with many zones.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, openPage, setUp, settled, skip, startBrowser, startServer } from './harness.mjs';
import { bigPlant } from './plant.mjs';

const ZONES = 60;
const CONDUITS = 300;
const TABS_MOST = 120;

let server;
let browser;
let state;

before(async () => {
  if (skip) return;
  server = await startServer();
  browser = await startBrowser();
  state = await setUp(browser, server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const query = (page, name) => new URL(page.url()).searchParams.get(name);

async function open(page, base, address) {
  await page.goto(base + address);
  await settled(page);
}

/** As somebody without a mouse gets there: by the tabulator, past the navigation where that is offered. */
async function tabTo(page, locator) {
  for (let i = 0; i < TABS_MOST; i++) {
    if (await locator.evaluateAll((all) => all.includes(document.activeElement))) return;
    const offered = await page.evaluate(() => document.activeElement?.classList.contains('skip') ?? false);
    await page.keyboard.press(offered ? 'Enter' : 'Tab');
  }
  assert.fail(`${TABS_MOST} tabs do not lead to ${locator}`);
}

async function press(page, locator, key = 'Enter') {
  await tabTo(page, locator);
  await page.keyboard.press(key);
}

/** Chooses in a list of the platform by typing the beginning of what is wanted. */
async function chooseByTyping(page, locator, text) {
  await tabTo(page, locator);
  for (let i = 0; i < 5; i++) {
    await page.keyboard.type(text);
    if (await locator.evaluate((list, begin) => list.selectedOptions[0].textContent.startsWith(begin), text)) return;
    await new Promise((done) => setTimeout(done, 1500)); // typed too slowly to be one word; after a second the next one begins
  }
  assert.fail(`${text} is not chosen`);
}

async function until(holds, what) {
  for (let i = 0; i < 50; i++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(what);
}

const shown = async (key) => JSON.parse(await server.zw('show', key, '--json'));

test('by keyboard alone: add, move, undo, nest, join, rename, and move an asset', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser, { state });
  await open(page, server.base, '/p/MAIN/drawing');
  await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const dialog = page.getByRole('dialog');

  await press(page, button('Add a zone'));
  await dialog.waitFor();
  await accessible(page, 'add a zone');
  await page.keyboard.type('Laboratory');
  await chooseByTyping(page, dialog.getByLabel('Purdue'), '2');
  await press(page, dialog.getByRole('button', { name: 'Add' }));
  await page.getByText('ZN-13 is added.').waitFor();
  assert.equal(query(page, 'sel'), 'ZN-13');
  const zone = page.getByRole('group', { name: /^ZN-13 Laboratory, SL-T not stated, Level 2 · 0 assets$/ });
  await zone.waitFor();

  await tabTo(page, zone);
  await page.keyboard.press('Enter');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
  await page.getByText('ZN-13 is saved.').waitFor();
  const { attrs } = await shown('ZN-13');
  assert.ok(Number.isInteger(attrs.drawn_x) && Number.isInteger(attrs.drawn_y), JSON.stringify(attrs));
  await page.keyboard.press('Control+z');
  await until(async () => (await shown('ZN-13')).attrs.drawn_x === undefined, 'undo takes the move back');

  await chooseByTyping(page, page.getByLabel('Part of', { exact: true }), 'ZN-9');
  await press(page, button('Change: Part of'));
  await page.waitForFunction(() => document.querySelector('.zone-box.outer') !== null);
  await until(async () => (await shown('ZN-13')).links.some((link) => link.type === 'part_of' && link.to === 'ZN-9'), 'ZN-13 is part of ZN-9');

  await press(page, button('Add a conduit'));
  await dialog.waitFor();
  await page.keyboard.type('Samples');
  await chooseByTyping(page, dialog.getByLabel('End B'), 'ZN-2 ');
  await chooseByTyping(page, dialog.getByLabel('Direction'), 'A');
  await tabTo(page, dialog.getByLabel('Protocols'));
  await page.keyboard.type('OPC UA, NTP');
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'CD-12 Samples, ZN-13 → ZN-2, OPC UA, NTP' }).waitFor({ state: 'attached' });

  await tabTo(page, page.getByRole('textbox', { name: 'Title' }));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Samples of treatment');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'CD-12 Samples of treatment' }).waitFor();

  const loose = page.locator('section', { hasText: 'In no zone or conduit' });
  await press(page, loose.getByRole('checkbox', { name: 'Select AS-85' }), 'Space');
  await chooseByTyping(page, loose.getByLabel('Move to'), 'ZN-13');
  await press(page, loose.getByRole('button', { name: 'Move 1 asset' }));
  await page.getByText('1 asset moved to ZN-13.').waitFor();
  await page.getByRole('group', { name: /^ZN-13 Laboratory, .* 1 asset$/ }).waitFor();
  await page.keyboard.press('Control+z');
  await loose.getByText('Spare engineering laptop').waitFor();
  quiet();
  await context.close();
});

/** What the drawing says, as the words of its boxes and lines, with the numbers of their warnings. */
async function drawnWords(page) {
  await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
  const zones = await page.locator('.react-flow__node').evaluateAll((all) => all.map((node) => `${node.getAttribute('aria-label')} ${node.querySelector('.zone-warnings')?.textContent ?? ''}`.trim()));
  const conduits = await page.locator('.react-flow__edge').evaluateAll((all) => all.map((edge) => edge.getAttribute('aria-label')));
  return { zones: zones.sort(), conduits: conduits.sort() };
}

const cells = (page, name) =>
  page
    .getByRole('region', { name })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));

test('the drawing says what its table says, and so does the SVG', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser, { state });
  await open(page, server.base, '/p/MAIN/drawing');
  const drawn = await drawnWords(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save as SVG' }).click();
  const stream = await (await download).createReadStream();
  const svg = (await stream.toArray()).map(String).join('');
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const zones = (await cells(page, 'Zones')).map(([zone, levels, note, , warnings]) => `${zone}, ${levels}, ${note} ${warnings}`.trim());
  const conduits = (await cells(page, 'Conduits')).map(([conduit, joins, , protocols]) => `${conduit}, ${joins}, ${protocols}`);
  assert.ok(zones.length >= 12 && conduits.length >= 11);
  assert.deepEqual(drawn.zones, zones.sort());
  assert.deepEqual(drawn.conduits, conduits.sort());
  for (const [place] of [...(await cells(page, 'Zones')), ...(await cells(page, 'Conduits'))]) assert.ok(svg.includes(`<title>${place}</title>`), `${place} is not in the SVG`);
  assert.doesNotMatch(svg, /<script/);
  quiet();
  await context.close();
});

test('as of a commit nothing can be changed, and a copied address shows the same', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser, { state });
  await open(page, server.base, '/p/MAIN/drawing?at=17&sel=ZN-3');
  await page.locator('.react-flow__node').first().waitFor();
  assert.equal(await page.locator('.react-flow__node').count(), 12);
  await page.getByRole('heading', { name: 'ZN-3 Chlorination safety' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^(Add|Move)/ }).count(), 0);
  assert.equal(await page.locator('main').getByRole('textbox').count(), 0);
  assert.equal(await page.locator('.react-flow__node.draggable').count(), 0);
  await page.getByRole('button', { name: 'Zoom In' }).click();
  await page.waitForFunction(() => new URL(location.href).searchParams.has('vp'));
  await page.reload();
  await page.locator('.react-flow__node').first().waitFor();
  const [x, y, zoom] = query(page, 'vp').split(',').map(Number);
  const now = await page.locator('.react-flow__viewport').evaluate((element) => new DOMMatrix(getComputedStyle(element).transform));
  assert.ok(Math.abs(now.a - zoom) < 0.01 && Math.abs(now.e - x) < 2 && Math.abs(now.f - y) < 2, JSON.stringify([now, x, y, zoom]));
  quiet();
  await context.close();
});

test(`${ZONES} zones and ${CONDUITS} conduits: all are drawn`, { skip }, async (t) => {
  const big = await startServer({ sample: false });
  try {
    const file = `${big.folder}/big.ndjson`;
    writeFileSync(file, bigPlant(ZONES, CONDUITS));
    await big.zw('import', file);
    const { context, page, quiet } = await openPage(browser, { state: await setUp(browser, big) });
    const start = Date.now();
    await page.goto(`${big.base}/p/MAIN/drawing`);
    await page.waitForFunction((n) => document.querySelectorAll('.react-flow__edge').length === n, CONDUITS);
    t.diagnostic(`opened after ${Date.now() - start} ms`);
    assert.equal(await page.locator('.react-flow__node').count(), ZONES);
    await accessible(page, 'a big plant');
    quiet();
    await context.close();
  } finally {
    await big.stop();
  }
});
