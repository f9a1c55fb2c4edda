// Tests done by people: with the keyboard, signed and finished; and on a page that was taken along, opened from a file.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { accessible, fits, openPage, PASSWORD, setUp, settled, skip, startBrowser, startServer } from './harness.mjs';

const PLAN = [
  { op: 'item', key: 'TP-1', kind: 'test_plan', title: 'Site acceptance' },
  { op: 'item', key: 'TC-1', kind: 'test_case', title: 'Least privilege', attrs: { steps: 'Sign in as operator\nOpen the settings', expected: 'He is in\nThey stay shut', stage: 'site' } },
  { op: 'item', key: 'TC-2', kind: 'test_case', title: 'Power', attrs: { steps: 'Pull the plug', stage: 'site' } },
  ...['TC-1', 'TC-2'].map((key) => ({ op: 'link', from: key, type: 'planned_in', to: 'TP-1' })),
];

let server;
let browser;
let state;

before(async () => {
  if (skip) return;
  server = await startServer({ sample: false });
  browser = await startBrowser();
  const file = join(server.folder, 'plan.ndjson');
  writeFileSync(file, PLAN.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await server.zw('import', file);
  state = await setUp(browser, server);
  await server.zw('role', 'grant', 'ann', 'tester');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a page that was given out works from a file, keeps what is recorded, and comes back', { skip }, async () => {
  const path = join(server.folder, 'sat.html');
  await server.zw('test', 'pack', 'TP-1', '--stage', 'site', '-o', path);
  const { context, page, quiet } = await openPage(browser, { width: 320, theme: 'dark' });
  await page.goto(pathToFileURL(path).href);
  await accessible(page, 'the page that was given out');
  await fits(page, 'the page that was given out');
  const step = (name) => page.getByRole('listitem', { name });
  await step('TC-1 step 1').focus();
  await page.keyboard.press('p');
  await page.keyboard.press('f');
  await page.keyboard.type('it opened');
  await step('TC-1 step 2').getByLabel('Files').setInputFiles([
    { name: 'lock.txt', mimeType: 'text/plain', buffer: Buffer.from('shut') },
    { name: 'film.bin', mimeType: '', buffer: Buffer.alloc(16 << 20) },
  ]);
  await page.getByText('film.bin is not taken').waitFor();
  await step('TC-1 step 2').getByRole('button', { name: 'Failed' }).click();
  assert.equal(await step('TC-1 step 2').getByRole('button', { name: 'Remove lock.txt' }).getAttribute('aria-pressed'), null);
  await page.reload();
  assert.equal(await step('TC-1 step 1').getByRole('button', { name: 'Passed' }).getAttribute('aria-pressed'), 'true');
  assert.equal(await step('TC-1 step 2').getByRole('textbox').inputValue(), 'it opened');
  await step('TC-1 step 2').getByRole('button', { name: 'Remove lock.txt' }).waitFor();
  await step('TC-1 step 2').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('p');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Save the results as a file' }).click();
  await page.getByText('Who states it?').waitFor();
  await page.getByLabel('Tester').fill('Eve Moss');
  await page.evaluate(() => Object.defineProperty(crypto, 'subtle', { configurable: true, value: undefined }));
  await page.getByRole('button', { name: 'Save the results as a file' }).click();
  await page.getByText('This browser makes no file').waitFor();
  await page.evaluate(() => delete crypto.subtle);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the results as a file' }).click()]);
  const file = join(server.folder, saved.suggestedFilename());
  await saved.saveAs(file);
  quiet();
  await context.close();

  assert.match(await server.zw('test', 'merge', file), /3 steps recorded/);
  const { attrs: run, attachments } = JSON.parse(await server.zw('show', 'TR-1'));
  assert.ok(attachments.some((one) => one.name === 'TC-1-2 lock.txt'));
  assert.deepEqual(run.step_results, { 'TC-1/1': 'passed', 'TC-1/2': 'failed: it opened', 'TC-2/1': 'passed' });
  assert.equal(run.tester, 'Eve Moss');
});

test('a plan is executed by keys, what somebody else recorded is told, and the signature finishes it', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser, { state });
  await page.goto(`${server.base}/p/MAIN/tests?view=plans`);
  await page.getByText('0 of 2 passed').waitFor();
  await page.getByRole('link', { name: 'Execute TP-1' }).click();
  await page.getByLabel('Stage').selectOption('site');
  await page.getByRole('button', { name: 'Begin a run' }).click();
  const step = (name) => page.getByRole('listitem', { name });
  await step('TC-1 step 1').focus();
  await page.keyboard.press('p');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'TC-1 step 2');
  await page.keyboard.press('p');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'TC-2 step 1');
  const run = new URL(page.url()).searchParams.get('key');
  await server.zw('test', 'record', run, 'TC-2/1=blocked: no plug');
  await step('TC-2 step 1').locator('.tag').getByText('Blocked').waitFor();
  await step('TC-2 step 1').focus();
  await page.keyboard.press('f');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await accessible(page, 'a run by hand');
  await page.keyboard.type('it went out');
  // What is recorded comes back when the next words are written already.
  let release;
  const held = new Promise((done) => (release = done));
  const answers = '**/api/v1/test-executions/**';
  await page.route(answers, (route) => (route.request().method() === 'GET' ? held.then(() => route.continue()) : route.continue()));
  await page.keyboard.press('Tab');
  await step('TC-2 step 1').getByRole('textbox').fill('it went out twice');
  const back = page.waitForResponse((response) => response.request().method() === 'GET' && response.url().includes('/test-executions/'));
  release();
  await back;
  await page.unroute(answers);
  await settled(page);
  assert.equal(await step('TC-2 step 1').getByRole('textbox').inputValue(), 'it went out twice');
  await step('TC-2 step 1').locator('.tag').getByText('Failed').waitFor();
  await step('TC-2 step 1').getByRole('button', { name: 'Blocked' }).click();
  await step('TC-2 step 1').locator('.tag').getByText('Blocked').waitFor();
  assert.equal(JSON.parse(await server.zw('show', run)).attrs.step_results['TC-2/1'], 'blocked: it went out twice');
  await page.getByRole('button', { name: 'Sign and finish' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('done as written');
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText(`${run} is finished, and its results count.`).waitFor();
  await page.goto(`${server.base}/p/MAIN/tests?view=plans`);
  await page.getByText('1 of 2 passed').waitFor();
  quiet();
  await context.close();
});
