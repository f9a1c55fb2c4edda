// The whole life of a piece of the case by two people in a browser: draft, review, approval, baseline, signature, change, supersession,
// approval again; a branch merged with a choice; then the evidence pack is proved offline by both verifiers. A design document from its
// check-in to its release, and a patch from its finding to its closure.
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

/** Sent by one, decided by the other, signed by the other. */
async function review(item, { page, go }, other) {
  await go('/p/MAIN/reviews');
  await page.getByLabel('Title').fill(`Review of ${item}`);
  await page.getByLabel('Items').fill(item);
  await page.getByLabel('Reviewers').fill(other.name);
  await page.getByRole('button', { name: 'Send for review' }).click();
  await page.getByText(/^RV-\d+ is sent$/).waitFor();
  const key = new URL(page.url()).searchParams.get('key');
  await other.go(`/p/MAIN/reviews?key=${key}`);
  await other.page.getByLabel('Decision').selectOption('accepted');
  await accessible(other.page, 'review');
  await other.page.getByRole('button', { name: `Decide on ${item}` }).click();
  await other.page.getByText(`Decided: ${item} Accepted`).waitFor();
  await go(`/p/MAIN/reviews?key=${key}`);
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.getByText(`${key} is done, and can be signed`).waitFor();
  await other.go(`/p/MAIN/items/${key}`);
  await sign(other.page, 'reviewed', 'Read');
  return key;
}

/** What the page is about once it is `title`. */
async function keyOf(page, title) {
  const heading = page.getByRole('heading', { level: 1, name: new RegExp(`^[A-Z]+-\\d+ ${title}`) });
  await heading.waitFor();
  return /^[A-Z]+-\d+/.exec((await heading.textContent()).trim())[0];
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
  return { ...opened, go, name };
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
    const key = await keyOf(page, 'Somebody copies a key');
    await move(page, 'Draft', 'In review');
    // review
    const sent = await review(key, { page, go }, bob);
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
    await go(`/p/MAIN/reviews?key=${sent}`);
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

story('a design document is checked in, reviewed, approved and released, and says what changed and what it implements', async ({ page, go }) => {
  const dora = await person('dora', ['reviewer', 'approver']);
  const checkIn = async (revision, text) => {
    await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'rbac.md', mimeType: 'text/markdown', buffer: Buffer.from(text) });
    await page.getByLabel('Revision of the document').fill(revision);
    await page.getByRole('button', { name: 'Check in' }).click();
    await page.getByRole('link', { name: revision, exact: true }).waitFor();
  };
  await go('/p/MAIN/design');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('RBAC in control software');
  await page.keyboard.press('Enter');
  const key = await keyOf(page, 'RBAC in control software');
  await checkIn('2.0', 'Operators may\nstart a pump\nchange a limit\n');
  await at.server.zw('link', 'CL-5', 'rests_on', key);
  const [claimed] = JSON.parse(await at.server.zw('--json', 'captures', key)).implements;
  await page.getByText(claimed.title).waitFor();
  await checkIn('2.1', 'Operators may\nstart a pump\n');
  await page.getByText('It differs: what rests on it is suspect.').waitFor();
  await page.getByRole('button', { name: /^What changed in/ }).click();
  await page.locator('.redline del', { hasText: '- change a limit' }).waitFor();
  await accessible(page, 'what changed in a document');
  const row = page.getByRole('row', { name: new RegExp(`^${key} RBAC in control software .* 2\\.1 rbac\\.md .*${claimed.key}.*Suspect`) });
  await go('/p/MAIN/design?state=draft');
  await row.waitFor();
  await at.server.zw('confirm', `CL-5/rests_on/${key}`, '-m', 'the claim needs no more than 2.1 says');

  await go(`/p/MAIN/items/${key}`);
  await move(page, 'Draft', 'In review');
  await review(key, { page, go }, dora);
  await dora.go(`/p/MAIN/items/${key}`);
  await sign(dora.page, 'approved', 'Release of 2.1');
  await dora.go('/p/MAIN/design?state=approved');
  await dora.page.getByRole('row', { name: new RegExp(`^${key} RBAC in control software Approved 1 approval 2\\.1 rbac\\.md .*${claimed.key}`) }).waitFor();
  dora.quiet({ provoked: true });
  await dora.context.close();
});

story(
  'a patch goes from its finding over impact, approval, work and test to its closure, and one search of the log tells it',
  async ({ page, go }) => {
    const { zw, folder } = at.server;
    const eve = await person('eve', ['approver', 'tester']);
    await go('/p/MAIN/findings?finding=FD-7/CP-12');
    await page.getByRole('button', { name: 'Ask for a change that resolves FD-7' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Firmware 15.2(8)E of the pump hall switch');
    await page.keyboard.press('Enter');
    const key = await keyOf(page, 'Firmware 15');
    // impact, on the board
    await go('/p/MAIN/changes');
    const card = page.locator('.card', { hasText: 'of the pump hall switch' });
    await card.getByText(/Resolves.*FD-7/).waitFor();
    await card.getByRole('button', { name: 'Compute the impact' }).click();
    await card.getByText(/Impact: \d+ items reached/).waitFor();
    await go(`/p/MAIN/items/${key}`);
    await move(page, 'Open', 'Assessed');
    // approval by another person
    await eve.go(`/p/MAIN/items/${key}`);
    await sign(eve.page, 'approved', 'in the next stop');
    await eve.page.getByRole('button', { name: 'State Approved: change it' }).waitFor();
    // work
    await go(`/p/MAIN/items/${key}`);
    await move(page, 'Approved', 'In progress');
    await zw('set', 'CP-12', 'version=15.2(8)E');
    await move(page, 'In progress', 'Done');
    // test
    await zw('add', 'test_case', 'title=The password of the switch cannot be read', 'keys=test_switch_password');
    const [test] = JSON.parse(await zw('--json', 'list', 'kind:test_case title:"password of the switch"'));
    await zw('link', test.key, 'verifies', key);
    await eve.go('/p/MAIN/changes');
    await eve.page.locator('.card', { hasText: 'of the pump hall switch' }).getByText(`${test.key} was never run`).waitFor();
    const ingest = async (run, time) => {
      const path = join(folder, 'switch.xml');
      writeFileSync(path, `<testsuite name="switch" tests="1" failures="0" timestamp="${time}"><testcase name="test_switch_password"/></testsuite>`);
      await zw('test', 'ingest', path, '--run', run);
    };
    await ingest('switch-1', '2026-01-02T10:00:00Z');
    await eve.go(`/p/MAIN/items/${key}`);
    await eve.page.getByRole('button', { name: 'State Done: change it' }).click();
    await eve.page.locator('.why', { hasText: `the result of ${test.key} is of 2026-01-02T10:00:00.000Z, before ${key} came to be done` }).waitFor();
    await ingest('switch-2', new Date(Date.now() + 3_600_000).toISOString());
    await eve.go(`/p/MAIN/items/${key}`);
    await move(eve.page, 'Done', 'Verified');
    await eve.page.getByRole('button', { name: 'State Verified: change it' }).click();
    await eve.page.getByRole('button', { name: /^To Closed/ }).click();
    await eve.page.locator('.tag', { hasText: 'Closed' }).first().waitFor(); // it goes nowhere from there
    await accessible(eve.page, 'a closed change');
    // closure
    await go('/p/MAIN/findings?finding=FD-7/CP-12');
    await page.getByRole('heading', { name: 'Decide about FD-7' }).waitFor();
    const decide = page.locator('form.decide');
    await decide.getByLabel('State', { exact: true }).selectOption('fixed');
    await decide.getByLabel('Why', { exact: true }).fill(`${key} is closed`);
    await decide.getByRole('button', { name: 'Decide for 1' }).click();
    await page.getByText('Decided for 1 finding').waitFor();
    assert.deepEqual(JSON.parse(await zw('--json', 'change', 'show', key)).problems, []);
    // one search tells it in order
    const acts = JSON.parse(await zw('--json', 'log', key)).reverse().flatMap((entry) => entry.acts.map((act) => `${act.what} ${act.key} ${act.to ?? ''}`));
    const moved = ['assessed', 'approved', 'in_progress', 'done', 'verified', 'closed'].map((to) => `transition ${key} ${to}`);
    const told = ['create FD-7', `create ${key}`, `attach ${key}`, ...moved.slice(0, 4), 'results TR-', ...moved.slice(4), 'transition FD-7 fixed'].map((act) => acts.findIndex((one) => one.startsWith(act)));
    assert.ok(told.every((place, i) => place > (told[i - 1] ?? -1)), `${told}: ${acts.join(', ')}`);
    await go(`/p/MAIN/log?item=${key}`);
    await page.locator('.log-acts li', { hasText: 'Fixed' }).first().waitFor();
    await accessible(page, 'the log of a change');
    eve.quiet({ provoked: true });
    await eve.context.close();
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
