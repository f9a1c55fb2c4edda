// What people do: by keyboard, in two windows at once, and with what is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, openPage, PASSWORD, query, skip, stage } from './harness.mjs';

const { at, story } = stage();

story(
  'a wrong password is refused, the right one leads to the page that was asked for',
  async ({ page }) => {
    await page.goto(`${at.server.base}/p/MAIN/zones`);
    await page.getByLabel('Name', { exact: true }).fill('ann');
    await page.getByLabel('Password').fill('not the password at all');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Zones and conduits', level: 1 }).waitFor();
    await page.getByRole('button', { name: /Ann Author/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  },
  { signedIn: false, provoked: true },
);

story('a grid by keyboard: move, select, open, and the address says what is selected', async ({ page, go }) => {
  await go('/p/MAIN/zones');
  const grid = page.getByRole('grid', { name: 'Zones' });
  assert.equal(await grid.getAttribute('aria-rowcount'), '13');
  await grid.focus();
  for (const key of ['j', 'j', 'x', 'ArrowDown', ' ', 'k']) await page.keyboard.press(key);
  assert.equal(query(page, 'sel'), 'ZN-3,ZN-4');
  assert.equal(await page.locator(`[id="${await grid.getAttribute('aria-activedescendant')}"]`).textContent(), 'ZN-3');
  assert.equal(await page.getByRole('row', { selected: true }).count(), 2);
  await page.keyboard.press('Escape');
  assert.equal(query(page, 'sel'), null);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^ZN-3 Chlorination safety/ }).waitFor();
  await page.goBack();
  await grid.waitFor();
});

story('a filter is completed from the metamodel, and a copied link shows the same', async ({ page, go, context }) => {
  await go('/p/MAIN/zones');
  const filter = page.getByRole('combobox', { name: 'Filter' });
  await filter.click();
  await page.keyboard.type('nat');
  await page.getByRole('option', { name: /^nature:/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('saf');
  await page.getByRole('option', { name: /^safety/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('1 in all').waitFor();
  assert.equal(query(page, 'q'), 'nature:safety');
  await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click();
  assert.equal(query(page, 'sort'), 'title');
  const copy = await context.newPage();
  await copy.goto(page.url());
  await copy.getByText('1 in all').waitFor();
  assert.equal(await copy.getByRole('columnheader', { name: 'Title' }).getAttribute('aria-sort'), 'ascending');
});

story(
  'a filter that means nothing says what is near',
  async ({ page, go }) => {
    await go('/p/MAIN/zones?q=natur:safety');
    const problem = page.getByRole('alert');
    assert.match(await problem.textContent(), /natur/);
    await page.getByRole('button', { name: 'Clear the filter' }).first().click();
    await page.getByText('12 in all').waitFor();
  },
  { provoked: true },
);

story('the palette goes to a key and to a page; ? lists the keys; letters can be turned off', async ({ page, go }) => {
  await go('/p/MAIN/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).waitFor();
  await page.keyboard.type('rq-1');
  await page.getByRole('option', { name: /^RQ-1 / }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^RQ-1 / }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).waitFor();
  await page.keyboard.type('risk');
  await page.getByRole('option', { name: /^Risks/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Risks' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.getByLabel('Single letters act as keys').uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('grid').focus();
  await page.keyboard.press('x');
  assert.equal(query(page, 'sel'), null);
  assert.equal(await page.getByRole('dialog').count(), 0);
});

story('every number of the heat map leads to its reasons', async ({ page, go }) => {
  await go('/p/MAIN/');
  await page.getByRole('link', { name: /^ZN-1, Identification.*below target/ }).click();
  await page.getByText(/\d+ of \d+ met: \d+ claimed, \d+ gaps, \d+ unknown/).first().waitFor();
  assert.equal(query(page, 'zone'), 'ZN-1');
  await page.getByText('FR 1', { exact: true }).click();
  await page.getByText('SR 1.1', { exact: true }).click();
  await page.getByText('AS-1 instance_of CP-15 is suspect').waitFor();
  assert.equal(query(page, 'open'), 'FR 1,SR 1.1');
});

story('a changed risk puts its target under review; old and new stand side by side, and are accepted or overridden', async ({ page, go }) => {
  await at.server.zw('set', 'RK-6', 'impact={"safety":4}');
  await go('/p/MAIN/risks?view=targets&state=under_review');
  await page.getByRole('link', { name: /^ZN-3 / }).click();
  await page.getByText('IAC: ST-3 states 3, the risks give 2').waitFor();
  assert.equal(await page.getByText('differs').count(), 3);
  await page.getByRole('cell', { name: '12 / 4 = 3.00' }).waitFor();
  await page.getByRole('button', { name: 'Override' }).click();
  const override = page.getByRole('dialog', { name: 'Override the levels of ST-3' });
  await override.getByLabel(/^UC /).selectOption('1');
  await override.getByLabel('Risk that stays').fill('Somebody at the panel may change a setpoint');
  await override.getByLabel('Why it differs').fill('The panel is in a locked cabinet');
  await accessible(page, 'override');
  await override.getByRole('button', { name: 'Save the override' }).click();
  await page.getByText('ST-3 is saved.').waitFor();
  await page.getByText('1 Override').waitFor();
  await page.getByRole('button', { name: 'Take what the risks give' }).click();
  const accept = page.getByRole('dialog', { name: 'SL-T of ZN-3' });
  await accept.getByLabel(/^Why/).fill('Workshop of March');
  await accept.getByRole('button', { name: 'Take what the risks give' }).click();
  await accept.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Take what the risks give' }).waitFor({ state: 'detached' });
  assert.match(await at.server.zw('show', 'ST-3', '--json'), /"vector":\[2,1,2,1,2,2,2\]/);
  assert.match(await at.server.zw('history', 'ST-3'), /Workshop of March/);
});

story('a cell of the matrix lists the risks that lie in it', async ({ page, go }) => {
  await go('/p/MAIN/risks?view=matrix&category=safety');
  await page.getByRole('region', { name: 'After countermeasures' }).getByRole('link', { name: /risks? at remote, major: rated 4, tolerable/ }).click();
  const n = Number((await page.getByRole('heading', { name: /risks? at 1-4, After/ }).textContent()).split(' ')[0]);
  assert.equal(await page.getByRole('region', { name: 'Risks' }).getByRole('row').count(), n + 1);
  assert.equal(query(page, 'cell'), '1-4');
  assert.equal(query(page, 'category'), 'safety');
});

story('as of a commit everything is read as of it, and nothing can be changed', async ({ page, go }) => {
  await go('/p/MAIN/items/ZN-1');
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
  await page.getByRole('button', { name: /As of now/ }).click();
  await page.getByLabel('Read as of').fill('1');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'As of 1' }).waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Assets' }).click();
  await page.getByText('No Assets yet').waitFor();
  assert.equal(query(page, 'at'), '1');
}, { provoked: true });

story('trace: what is chosen lights its chain', async ({ page, go }) => {
  await go('/p/MAIN/trace?key=RQ-1');
  const all = await page.locator('.trace-item').count();
  await page.getByRole('button', { name: /S7-1516: identification/ }).click();
  const bright = await page.locator('.trace-item.lit').count();
  assert.ok(bright > 1 && bright < all, `${bright} of ${all}`);
});

story('an item is edited, its history shows what changed, and undo takes it back', async ({ page, go }) => {
  await go('/p/MAIN/items/ZN-12');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Title').fill('Town hall network');
  await page.getByLabel('Physical boundary').fill('Town hall, guarded');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'ZN-12 Town hall network' }).waitFor();
  await page.getByText('ZN-12 is saved.').waitFor();
  await page.locator('ins', { hasText: 'guarded' }).waitFor();
  await page.locator('del', { hasText: 'Municipal' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'ZN-12 Municipal office network' }).waitFor();
  await page.getByText('Revision 3', { exact: true }).waitFor();
});

story('a cell is edited in place by keyboard, and Escape leaves it as it was', async ({ page, go }) => {
  await go('/p/MAIN/zones');
  const grid = page.getByRole('grid', { name: 'Zones' });
  await grid.focus();
  for (const key of ['j', 'j', 'e']) await page.keyboard.press(key);
  const editor = grid.getByRole('textbox', { name: 'Title' });
  await editor.waitFor();
  await page.keyboard.type('Something else ');
  await page.keyboard.press('Escape');
  await grid.getByText('Chlorination safety').waitFor();
  await page.keyboard.press('e');
  await editor.waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Chlorination, safety');
  await page.keyboard.press('Enter');
  await grid.getByText('Chlorination, safety').waitFor();
  await page.getByText('ZN-3 is saved.').waitFor();
  assert.match(await at.server.zw('show', 'ZN-3'), /Chlorination, safety/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await grid.getByText('Chlorination safety').waitFor();
  // what lies over the rows below can be reached
  await go('/p/MAIN/zones?cols=nature');
  await grid.getByRole('columnheader', { name: 'Nature' }).waitFor();
  await grid.getByRole('row', { name: /ZN-3/ }).getByRole('gridcell').last().click();
  await page.keyboard.press('e');
  await grid.getByRole('checkbox', { name: 'Wireless' }).click();
  await page.getByText('ZN-3 is saved.').waitFor();
  assert.match(await at.server.zw('show', 'ZN-3'), /wireless/);
});

story(
  'two people at one item: what only one changed is merged, for the rest one chooses',
  async ({ page, go }) => {
    await go('/p/MAIN/items/ZN-7');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Physical boundary').fill('Fence around the car park');
    await at.server.zw('set', 'ZN-7', 'title=Radio cell');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('ZN-7 is saved.').waitFor();
    await page.getByRole('heading', { name: 'ZN-7 Radio cell' }).waitFor();

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Title').fill('Field radio');
    await at.server.zw('set', 'ZN-7', 'title=Radio of the plant');
    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'ZN-7 was changed meanwhile' });
    await dialog.waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Save what I chose' }).isDisabled());
    await accessible(page, 'conflict');
    await dialog.getByRole('radio', { name: /^Yours/ }).check();
    await dialog.getByRole('button', { name: 'Save what I chose' }).click();
    await page.getByRole('heading', { name: 'ZN-7 Field radio' }).waitFor();
    const shown = await at.server.zw('show', 'ZN-7');
    assert.match(shown, /Field radio/);
    assert.match(shown, /Fence around the car park/);
  },
  { provoked: true },
);

story('many items are changed at once, after a look at what it does', async ({ page, go }) => {
  await go('/p/MAIN/zones?sel=ZN-1,ZN-2');
  await page.getByRole('button', { name: 'Edit 2 items' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit 2 items' });
  await dialog.getByLabel('Attribute').selectOption('physical_boundary');
  await dialog.getByLabel('Physical boundary').fill('Behind the dam');
  await dialog.getByLabel('Why').fill('The dam was built');
  assert.ok(await dialog.getByRole('button', { name: 'Apply' }).isDisabled());
  await dialog.getByRole('button', { name: 'Show what it changes' }).click();
  await dialog.getByRole('cell', { name: 'Behind the dam' }).first().waitFor();
  assert.equal(await dialog.getByRole('cell', { name: 'Behind the dam' }).count(), 2);
  await accessible(page, 'bulk edit');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Changed 2 items.').waitFor();
  assert.match(await at.server.zw('show', 'ZN-2'), /Behind the dam/);
  assert.match(await at.server.zw('history', 'ZN-2'), /The dam was built/);
});

story('an item is added and linked where one looks at it', async ({ page, go }) => {
  await go('/p/MAIN/threats');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('Somebody listens');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^TS-\d+ Somebody listens/ }).waitFor();
  await page.getByText('Nothing is linked yet.').waitFor();
  await page.getByRole('button', { name: 'Add a link' }).click();
  await page.getByLabel('Link', { exact: true }).selectOption({ label: 'Threatens →' });
  const other = page.getByRole('combobox', { name: 'To which item' });
  await other.click();
  await page.keyboard.type('radio');
  await page.getByRole('option', { name: /^ZN-7 / }).click();
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await page.getByRole('link', { name: 'ZN-7' }).waitFor();
  await page.getByRole('button', { name: 'Remove the link to ZN-7' }).click();
  await page.getByText('Nothing is linked yet.').waitFor();
});

story(
  'a signature shows what is signed, asks for the password anew, and is superseded when the content moves on',
  async ({ page, go }) => {
    await go('/p/MAIN/items/ZN-9');
    await page.getByText('Nobody has signed it.').waitFor();
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign 1 item' });
    assert.match(await dialog.locator('pre').textContent(), /title "Operations services"/);
    await accessible(page, 'sign');
    await dialog.getByLabel('Reason').fill('Read with the operators');
    await dialog.getByLabel('Password').fill('not the password at all');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('Signed 1 item.').waitFor();
    await page.getByText('Standing').waitFor();
    await at.server.zw('set', 'ZN-9', 'title=Operation services');
    await go('/p/MAIN/items/ZN-9');
    await page.getByText('Superseded').waitFor();
  },
  { provoked: true },
);

story('several items are signed from a list', async ({ page, go }) => {
  await go('/p/MAIN/zones?sel=ZN-10,ZN-11');
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign 2 items' });
  await dialog.getByText('What is signed of ZN-11, revision 1').waitFor();
  await dialog.getByLabel('Reason').fill('Read');
  await dialog.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('Signed 2 items.').waitFor();
  assert.match(await at.server.zw('signatures', 'ZN-11'), /reviewed/);
});

story('a file is looked at, then imported as one commit; a refused row changes nothing', async ({ page, go }) => {
  const line = (title, kind) => `${JSON.stringify({ op: 'item', kind, title })}\n`;
  const choose = (text) => page.getByLabel('Files').setInputFiles({ name: 'more.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(text) });
  await go('/p/MAIN/import');
  await choose(line('Imported zone', 'zone') + line('What is this', 'zoon'));
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('Nothing is changed yet.').waitFor();
  await page.getByText(/zoon/).first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Import', exact: true }).count(), 0);
  await choose(line('Imported zone', 'zone'));
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/Imported as commit \d+/).waitFor();
  await accessible(page, 'import outcome');
  await page.reload();
  await page.getByText(/Imported as commit \d+/).waitFor();
  assert.match(await at.server.zw('list', 'title:Imported'), /Imported zone/);
});

story('what somebody else changes appears without a reload', async ({ page, go }) => {
  await go('/p/MAIN/hazards');
  await page.getByText(/in all/).waitFor();
  await at.server.zw('add', 'hazard', 'title=Seen at once');
  await page.getByText('Seen at once').waitFor();
});

story('a project is created; empty, it says what to do', async ({ page, go }) => {
  await go('/projects');
  await page.getByLabel('Key').fill('plant2');
  await page.getByLabel('Title').fill('Second plant');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('No zones yet').waitFor();
  await accessible(page, 'empty overview');
  await page.getByRole('link', { name: 'Zones and conduits' }).first().click();
  await page.getByText('No Zones yet').waitFor();
});

story(
  'a project with a key that is taken is refused in place',
  async ({ page, go }) => {
    await go('/projects');
    await page.getByLabel('Key').fill('MAIN');
    await page.getByLabel('Title').fill('Again');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    assert.match(await page.getByRole('alert').textContent(), /MAIN/);
  },
  { provoked: true },
);

test('a person who may only read is offered nothing else', { skip }, async () => {
  const { context, page, quiet } = await openPage(at.browser, { state: at.state });
  await page.goto(`${at.server.base}/people`);
  await page.getByLabel('Name', { exact: true }).fill('eve');
  await page.getByLabel('Full name').fill('Eve Viewer');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Change eve' }).click();
  await page.getByRole('button', { name: 'Set a password' }).click();
  await page.getByRole('dialog').getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('The password of eve is set.').waitFor();
  await page.goto(`${at.server.base}/p/MAIN/access`);
  await page.getByLabel('Person').fill('eve');
  await page.getByLabel('Role', { exact: true }).selectOption('viewer');
  await page.getByRole('button', { name: 'Give a role' }).click();
  await page.getByRole('cell', { name: 'Eve Viewer (eve)' }).waitFor();
  quiet();
  await context.close();

  const her = await openPage(at.browser);
  await her.page.goto(`${at.server.base}/p/MAIN/items/ZN-1`);
  await her.page.getByLabel('Name', { exact: true }).fill('eve');
  await her.page.getByLabel('Password').fill(PASSWORD);
  await her.page.keyboard.press('Enter');
  await her.page.getByRole('heading', { name: /^ZN-1 / }).waitFor();
  assert.equal(await her.page.getByRole('button', { name: /Edit|Add a link|Remove/ }).count(), 0);
  assert.equal(await her.page.getByRole('link', { name: /Import|People and roles|Audit/ }).count(), 0);
  await her.page.goto(`${at.server.base}/p/MAIN/zones`);
  await her.page.getByText(/^\d+ in all$/).waitFor();
  assert.equal(await her.page.getByRole('button', { name: 'Add' }).count(), 0);
  her.quiet({ provoked: true });
  await her.context.close();
});

story('an address that leads nowhere says so', async ({ page, go }) => {
  await go('/p/OTHER/zones');
  await page.getByText('No access to this project').waitFor();
  await go('/zones');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
});

story(
  'an item that is not there says so',
  async ({ page, go }) => {
    await go('/p/MAIN/items/ZN-99');
    await page.getByText('There is no ZN-99').waitFor();
  },
  { provoked: true },
);

story('the workflow page says what a row lacks, leads to where it is entered, and fills itself', async ({ page, go }) => {
  await go('/p/MAIN/zcr?status=partly');
  const row = page.locator('.zcr-row', { hasText: 'ZCR 5.7' });
  await row.getByText('45 of 46 detailed risks are tolerable or decided').waitFor();
  await row.getByRole('link', { name: /^Enter it: Decision/i }).click();
  await page.getByRole('heading', { name: /^RK-16 / }).waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Decision', { exact: true }).selectOption('accept');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('RK-16 is saved.').waitFor();
  await go('/p/MAIN/zcr?status=met');
  await page.getByText('46 of 46 detailed risks are tolerable or decided').waitFor();
});

story('the statement of a component is chosen, and every entry has the rows that stop it', async ({ page, go }) => {
  await go('/p/MAIN/capability');
  await page.getByLabel('Component', { exact: true }).selectOption('CP-1');
  await page.getByText('CL-162 says not met').waitFor();
  assert.equal(query(page, 'component'), 'CP-1');
  await page.getByRole('link', { name: 'CL-162' }).first().click();
  await page.getByRole('heading', { name: /^CL-162 / }).waitFor();
});

story('a method gets a new version: a hole is refused, and what the old one rated is suspect', async ({ page, go }) => {
  await go('/p/MAIN/risks?view=methods&method=LWW-RM-02@C');
  await page.getByText('New version', { exact: true }).click();
  await page.getByLabel('Version', { exact: true }).fill('D');
  const text = page.getByLabel('The method as JSON');
  const whole = JSON.parse(await text.inputValue());
  await text.fill('{');
  await page.getByRole('button', { name: 'Add the version' }).click();
  await page.getByRole('alert').getByText('The text is not JSON').waitFor();
  await text.fill(JSON.stringify({ ...whole, rating: whole.rating.map((row, i) => (i === 2 ? row.slice(1) : row)) }));
  await page.getByRole('button', { name: 'Add the version' }).click();
  await page.getByRole('alert').getByText(/rating/).first().waitFor();
  await text.fill(JSON.stringify(whole));
  await page.getByRole('button', { name: 'Add the version' }).click();
  await page.getByRole('heading', { name: /LWW-RM-02@D/ }).waitFor();
  await page.getByText('replaced by LWW-RM-02@D').waitFor();
  await page.getByRole('button', { name: 'Make it the default' }).click();
  await page.getByRole('row').filter({ hasText: 'LWW-RM-02@D' }).getByText('rates what names no method').waitFor();
  await accessible(page, 'risk methods');
  assert.match(await at.server.zw('--project', 'MAIN', 'risk', 'show', 'RK-3'), /LWW-RM-02@C \(suspect: a newer version\)/);
}, { provoked: true });
