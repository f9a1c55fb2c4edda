// What a change reaches and would do, what traces to what, what lies around an item, and the queue of suspects: the pages say what
// the command line says.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, query, stage } from './harness.mjs';

const { at, story } = stage();
const cli = async (...args) => JSON.parse(await at.server.zw('--json', ...args));

/** The rows of the grid that are drawn, as texts of their first cells. */
const shownKeys = (page) => page.locator('.grid-row > div:first-child').allTextContents();

story('impact of an item: the same as zw impact, with filters, and the one question of scenario and safety', async ({ page, go }) => {
  await go('/p/MAIN/impact?key=TS-1');
  const all = await cli('impact', 'TS-1');
  assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), String(all.length + 1));
  const keys = await shownKeys(page);
  assert.deepEqual(keys, all.slice(0, keys.length).map((row) => row.key));
  await page.getByRole('button', { name: 'Requirements and safety functions' }).click();
  const asked = await cli('impact', 'TS-1', '--kinds', 'requirement,safety_function', '--discipline', 'security', '--shared');
  await page.locator(`[role=grid][aria-rowcount="${asked.length + 1}"]`).waitFor();
  const found = await shownKeys(page);
  assert.deepEqual(found, asked.slice(0, found.length).map((row) => row.key));
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+End');
  const last = asked.at(-1);
  await page.getByRole('heading', { name: `${last.key} ${last.title}` }).waitFor();
  assert.ok(last.shared !== undefined);
  await page.getByText(/^Shares TS-1/).waitFor();
  await accessible(page, 'impact');
});

story('a change is put together and evaluated without being made: the same as zw impact --what-if', async ({ page, go }) => {
  await go('/p/MAIN/what-if');
  await page.getByText('Nothing is proposed yet').waitFor();
  await page.getByLabel('What changes').selectOption({ label: 'Remove a countermeasure' });
  await page.getByRole('combobox', { name: 'Item' }).fill('CM-1');
  await page.getByRole('option', { name: /^CM-1 / }).click();
  await page.getByRole('button', { name: 'Add to the change' }).click();
  await page.getByText('CM-1 is retired').waitFor();
  const file = join(at.server.folder, 'change.ndjson');
  writeFileSync(file, '{"op":"retire","key":"CM-1"}\n');
  const told = await cli('impact', '--what-if', file);
  const drops = told.places.flatMap((place) => place.levels).filter((one) => one.old !== null && (one.new === null || one.new < one.old)).length;
  const rows = told.places.flatMap((place) => place.rows).filter((one) => one.old?.status !== one.new?.status).length;
  assert.ok(drops > 0 && rows > 0 && told.safety.length > 0);
  await page.getByRole('heading', { name: `${drops} levels drop` }).waitFor();
  await page.getByRole('heading', { name: `${rows} requirements have another status` }).waitFor();
  await page.getByRole('heading', { name: `${told.safety.length} safety functions are touched` }).waitFor();
  await page.getByRole('heading', { name: `Reaches ${told.impact.length} items` }).waitFor();
  await accessible(page, 'what if');
  await page.getByRole('button', { name: 'Leave out: CM-1 is retired' }).click();
  await page.getByText('Nothing is proposed yet').waitFor();
  assert.equal((await cli('show', 'CM-1')).state, 'approved');
});

story('the matrix is walked by keys, says why, and comes as a workbook', async ({ page, go }) => {
  await go('/p/MAIN/matrix');
  const matrix = await cli('trace-matrix', 'requirement', 'countermeasure');
  assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), String(matrix.rows.length + 1));
  assert.equal(await page.locator('[role=row][aria-rowindex="2"] .tracegrid-cell').count(), matrix.rows[0].direct.length + matrix.rows[0].derived.length);
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'RQ-1 and CM-2' }).waitFor();
  await page.getByText('derived: over the chain').waitFor();
  const way = await cli('why', 'RQ-1', 'CM-2', '--up', '--down');
  await page.locator('.plain-list > li', { hasText: way.items[1].key }).first().waitFor();
  assert.equal(query(page, 'sel'), 'RQ-1 CM-2');
  await accessible(page, 'trace matrix');
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Workbook (XLSX)' }).click();
  assert.equal((await coming).suggestedFilename(), 'trace-matrix.xlsx');
  await page.getByLabel('Gaps').selectOption({ label: 'Rows that trace to nothing' });
  const gaps = await cli('trace-matrix', 'requirement', 'countermeasure', '--gaps', 'rows');
  await page.locator(`[role=grid][aria-rowcount="${gaps.rows.length + 1}"]`).waitFor();
});

story('the neighbourhood is walked by keys, has tables beside it, and says why', async ({ page, go }) => {
  await go('/p/MAIN/neighbourhood?key=TS-1');
  const near = await cli('neighbourhood', 'TS-1');
  await page.locator('.react-flow__node').nth(near.items.length - 1).waitFor();
  await page.locator('.react-flow__node[data-id="HZ-2"]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^HZ-2 / }).waitFor();
  await page.getByRole('button', { name: 'Why it belongs to TS-1' }).click();
  await page.getByText('TS-1 Leads to HZ-2').waitFor();
  await accessible(page, 'neighbourhood');
  await page.getByRole('button', { name: 'Tables' }).click();
  assert.equal(await page.getByRole('region', { name: 'Links' }).locator('tbody tr').count(), near.links.length);
  await page.getByRole('button', { name: 'Drawing' }).click();
  await page.getByRole('button', { name: 'Go on from here' }).click();
  await page.waitForURL(/key=HZ-2/);
});

story('all suspects that fit are confirmed at once, after they were shown', async ({ page, go }) => {
  await at.server.zw('set', 'TS-1', 'title=Another setpoint of the dosing');
  const waiting = await cli('suspects', '--filter', 'key:TS-1');
  assert.ok(waiting.length > 1);
  await go('/p/MAIN/suspects?q=key:TS-1');
  await page.getByRole('button', { name: `Confirm all ${waiting.length}` }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('The same scenario');
  await page.getByRole('button', { name: 'Show which' }).click();
  await page.getByRole('dialog').getByText(`${waiting.length} links would be confirmed`).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByText('Nothing is suspect').waitFor();
  assert.deepEqual(await cli('suspects', '--filter', 'key:TS-1'), []);
});

story('the log says who did what and why, and is verified from the page', async ({ page, go }) => {
  await go('/p/MAIN/log');
  await page.getByLabel('Items').fill('RK-3');
  await page.keyboard.press('Enter');
  await page.waitForURL(/item=RK-3/);
  const told = await cli('log', 'RK-3');
  for (const entry of told) await page.getByText(`Commit ${entry.commit}`, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Who accepted RK-3?' }).click();
  await page.getByText('No commit fits the search.').waitFor();
  await page.getByRole('button', { name: 'Verify the log' }).click();
  const { root } = await cli('verify');
  await page.getByText(/^✓ Every hash holds/).waitFor();
  await page.getByText(root).waitFor();
  await accessible(page, 'log');
});

story('a list is kept under a name, shared, found in the palette, and left', async ({ page, go }) => {
  await go('/p/MAIN/requirements?q=state:draft&sort=-key');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByText('No view of this list is kept.').waitFor();
  await accessible(page, 'views');
  await page.getByLabel('Name', { exact: true }).fill('Drafts, newest key first');
  await page.getByLabel('Share it').check();
  await page.getByRole('button', { name: 'Keep this view' }).click();
  await page.getByRole('button', { name: 'View: Drafts, newest key first' }).waitFor();
  const [kept] = await cli('view', 'list');
  assert.deepEqual([kept.name, kept.shared, new URLSearchParams(kept.address.split('?')[1]).get('q')], ['Drafts, newest key first', true, 'state:draft']);

  await go('/p/MAIN');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill('newest key');
  await page.getByRole('option', { name: /^Drafts, newest key first/ }).click();
  await page.waitForURL(/requirements\?/);
  assert.equal(query(page, 'sort'), '-key');
  await page.getByRole('button', { name: 'View: Drafts, newest key first' }).click();
  await page.getByRole('button', { name: 'Remove the view Drafts, newest key first' }).click();
  await page.getByRole('button', { name: 'Views', exact: true }).waitFor();
  assert.deepEqual(await cli('view', 'list'), []);
});
