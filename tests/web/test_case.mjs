// The whole life of a piece of the case by two people in a browser: draft, review, approval, baseline, signature, change, supersession,
// approval again; a branch merged with a choice; then the evidence pack is proved offline by both verifiers.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { accessible, openPage, PASSWORD, settled, stage } from './harness.mjs';

const run = promisify(execFile);
const VERIFIER = fileURLToPath(new URL('../../verifier/zonewright_verify.py', import.meta.url));
const { at, story } = stage();

async function move(page, from, to) {
  await page.getByRole('button', { name: `State ${from}: change it` }).click();
  await page.getByRole('button', { name: new RegExp(`^To ${to}`) }).click();
  await page.getByRole('button', { name: `State ${to}: change it` }).waitFor();
}

async function sign(page, meaning, reason) {
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign 1 item' });
  await dialog.getByLabel('Meaning').selectOption(meaning);
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('Signed 1 item.').waitFor();
  await dialog.waitFor({ state: 'detached' });
}

async function edit(page, title) {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Title').fill(title);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: new RegExp(title) }).waitFor();
}

/** Another person, signed in on a page of their own. */
async function person(name, roles) {
  const { server, browser } = at;
  const file = join(server.folder, 'password');
  writeFileSync(file, `${PASSWORD}\n`);
  await server.zw('user', 'add', name, '--password-file', file);
  await server.zw('role', 'grant', name, ...roles);
  const opened = await openPage(browser);
  const go = async (address) => {
    await opened.page.goto(server.base + address);
    await settled(opened.page);
  };
  await opened.page.goto(`${server.base}/p/MAIN/reviews`);
  await opened.page.getByLabel('Name', { exact: true }).fill(name);
  await opened.page.getByLabel('Password').fill(PASSWORD);
  await opened.page.keyboard.press('Enter');
  await opened.page.getByRole('heading', { name: 'Reviews', level: 1 }).waitFor();
  return { ...opened, go };
}

story(
  'draft, review, approval, baseline, signature, change, supersession, approval again, and the proof',
  async ({ page, go }) => {
    const { zw, folder } = at.server;
    const bob = await person('bob', ['reviewer', 'approver']);
    // draft
    await go('/p/MAIN/threats');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Somebody copies a key');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { name: /Somebody copies a key/ });
    await heading.waitFor();
    const key = /^(TS-\d+)/.exec((await heading.textContent()).trim())[1];
    await move(page, 'Draft', 'In review');
    // review
    await go('/p/MAIN/reviews');
    await page.getByLabel('Title').fill('Keys of the plant');
    await page.getByLabel('Items').fill(key);
    await page.getByLabel('Reviewers').fill('bob');
    await page.getByRole('button', { name: 'Send for review' }).click();
    await page.getByText(/^RV-\d+ is sent$/).waitFor();
    const review = new URL(page.url()).searchParams.get('key');
    await bob.go(`/p/MAIN/reviews?key=${review}`);
    await bob.page.getByLabel('Decision').selectOption('accepted');
    await accessible(bob.page, 'review');
    await bob.page.getByRole('button', { name: `Decide on ${key}` }).click();
    await bob.page.getByText(`Decided: ${key} Accepted`).waitFor();
    await go(`/p/MAIN/reviews?key=${review}`);
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByText(`${review} is done, and can be signed`).waitFor();
    await bob.go(`/p/MAIN/items/${review}`);
    await sign(bob.page, 'reviewed', 'Read');
    // approval, by another person
    await bob.go(`/p/MAIN/items/${key}`);
    await sign(bob.page, 'approved', 'As reviewed');
    await bob.page.getByRole('button', { name: 'State Approved: change it' }).waitFor();
    // baseline, signed
    const baseline = /^(BL-\d+) /.exec(await zw('baseline', 'create', 'Issue 2'))[1];
    await bob.go(`/p/MAIN/items/${baseline}`);
    await sign(bob.page, 'approved', 'The case as of today');
    // change, supersession
    await go(`/p/MAIN/items/${key}`);
    await edit(page, 'Somebody copies the key of the gate');
    await page.getByText('Superseded').waitFor();
    await go('/p/MAIN/baselines');
    await page.getByRole('row', { name: new RegExp(`${baseline}.*1 of 1.*1 item changed`) }).waitFor();
    await go(`/p/MAIN/reviews?key=${review}`);
    await page.getByText('1 item moved on since it was sent').waitFor();
    // approval again
    await go(`/p/MAIN/items/${key}`);
    await move(page, 'Approved', 'Draft');
    await move(page, 'Draft', 'In review');
    await bob.go(`/p/MAIN/items/${key}`);
    await sign(bob.page, 'approved', 'The gate, too');
    await bob.page.getByRole('button', { name: 'State Approved: change it' }).waitFor();
    await bob.page.getByText('Standing').waitFor();
    bob.quiet({ provoked: true });
    await bob.context.close();
    // proved offline
    const pack = join(folder, 'pack.tar');
    await zw('evidence-pack', '-o', pack);
    assert.match((await run(process.env.ZONEWRIGHT_ZW, ['verify', pack])).stdout, /^ok/);
    await run('python3', [VERIFIER, pack]);
    await zw('verify');
  },
  { provoked: true },
);

story('a branch is made, merged with a choice for what both changed, and dropped', async ({ page, go }) => {
  const { zw } = at.server;
  await go('/p/MAIN/branches');
  await page.getByText('No branches').waitFor();
  await page.getByLabel('Name').fill('twin');
  await page.getByRole('button', { name: 'Make a branch' }).click();
  await page.getByText('MAIN.twin is made').waitFor();
  await page.getByRole('link', { name: 'MAIN.twin' }).click();
  await go('/p/MAIN.twin/items/ZN-12');
  await edit(page, 'Town hall of the branch');
  await zw('--project', 'MAIN', 'set', 'ZN-12', 'title=Town hall of the project');
  await zw('--project', 'MAIN', 'set', 'ZN-11', 'title=Other');
  await go('/p/MAIN/branches?merge=twin');
  await page.getByRole('group', { name: 'ZN-12/title' }).getByRole('radio', { name: /^branch/ }).check();
  await accessible(page, 'merge');
  await page.getByLabel('What is merged, and why').fill('the branch is right');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText(/^twin is merged, commit \d+$/).waitFor();
  await page.getByRole('button', { name: 'Drop twin' }).click();
  await page.getByText('No branches').waitFor();
  assert.match(await zw('show', 'ZN-12'), /Town hall of the branch/);
});
