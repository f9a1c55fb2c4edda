// Work on an item that is more than its fields: where it goes, files, and what people say about it.
import assert from 'node:assert/strict';
import { accessible, stage } from './harness.mjs';

const { at, story } = stage();

story('an item goes where the state machine of the project lets it, and the rule says why not', async ({ page, go }) => {
  await go('/p/MAIN/threats');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('Somebody copies a key');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Somebody copies a key/ }).waitFor();
  await page.getByRole('button', { name: 'State Draft: change it' }).click();
  await page.getByRole('button', { name: /^To In review/ }).click();
  await page.getByRole('button', { name: 'State In review: change it' }).click();
  assert.ok(await page.getByRole('button', { name: /^To Approved/ }).isDisabled());
  assert.match(await page.locator('.why').textContent(), /separation of duties/);
  await accessible(page, 'state menu');
});

story('a file is attached, comes back as it was, and is taken away with an undo', async ({ page, go }) => {
  await go('/p/MAIN/items/ZN-2');
  await page.getByText('No file is attached.').waitFor();
  await page.getByLabel('Attach files').setInputFiles([
    { name: 'ground plan.txt', mimeType: 'text/plain', buffer: Buffer.from('north is up') },
    { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n') },
  ]);
  await page.getByRole('link', { name: 'ground plan.txt' }).waitFor();
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'ground plan.txt' }).click();
  const chunks = [];
  for await (const chunk of await (await coming).createReadStream()) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), 'north is up');
  await page.locator('ins', { hasText: 'list.csv' }).waitFor();
  await accessible(page, 'attachments');
  await page.getByRole('button', { name: 'Remove the file list.csv' }).click();
  await page.getByRole('link', { name: 'list.csv' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: 'list.csv' }).waitFor();
});

story('people say something about an item, change it, and settle it', async ({ page, go }) => {
  await go('/p/MAIN/items/ZN-4');
  await page.getByText('Nobody has said anything yet.').waitFor();
  await page.getByLabel('Write a comment').fill('Which **door** is locked?');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.locator('.comments strong', { hasText: 'door' }).waitFor();
  await page.getByRole('button', { name: /^Edit the comment/ }).click();
  await page.getByLabel('Your comment').fill('Which gate is locked?');
  await page.locator('.comments').getByRole('button', { name: 'Save' }).click();
  await page.locator('.comments').getByText('edited').waitFor();
  await accessible(page, 'comments');
  await page.getByRole('button', { name: 'Resolve' }).click();
  await page.getByText('resolved by Ann Author').click();
  await page.getByText('Which gate is locked?').waitFor();
  await page.getByRole('button', { name: 'Open again' }).click();
  await page.getByText('resolved by').waitFor({ state: 'detached' });
  assert.match(await at.server.zw('comment', 'list', 'ZN-4'), /Which gate is locked\?/);
});

story('a text that changed is shown word by word in the history', async ({ page, go }) => {
  await at.server.zw('set', 'ZN-5', 'body=The door is locked at night.');
  await at.server.zw('set', 'ZN-5', 'body=The gate is locked at night.');
  await go('/p/MAIN/items/ZN-5');
  await page.locator('del', { hasText: 'door' }).waitFor();
  await page.locator('ins', { hasText: 'gate' }).waitFor();
});

story('a sheet whose headers say nothing is mapped by hand, and the mapping is kept', async ({ page, go }) => {
  const sheet = { name: 'needs.csv', mimeType: 'text/csv', buffer: Buffer.from('Mark;What;Colour\n1;Lock the door;red\n2;Close the window;blue\n') };
  await go('/p/MAIN/import');
  await page.getByLabel('Files').setInputFiles(sheet);
  await page.getByRole('cell', { name: 'Lock the door' }).waitFor();
  await page.getByText(/Say which column holds the id/).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Show what it would do' }).isDisabled());
  await page.getByLabel('A row is a').selectOption('risk');
  await page.getByLabel('Column What is').locator('option[value=likelihood]').waitFor({ state: 'attached' });
  await page.getByLabel('A row is a').selectOption('requirement');
  await page.getByLabel('Column What is').locator('option[value=discipline]').waitFor({ state: 'attached' });
  await page.getByLabel('Column Mark is').selectOption('id');
  await page.getByLabel('Column What is').selectOption('title');
  await page.getByLabel('Column Colour is').selectOption('');
  await accessible(page, 'column mapping');
  await page.getByLabel('Save as a profile of the project').fill('needs');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The profile needs is saved.').waitFor();
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('Nothing is changed yet.').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/Imported as commit \d+/).waitFor();
  assert.match(await at.server.zw('list', 'title:Lock'), /Lock the door/);
  await page.reload();
  await page.getByLabel('Files').setInputFiles(sheet);
  await page.getByLabel('Profile', { exact: true }).selectOption('needs');
  await page.waitForFunction(() => document.querySelector('.column-map select')?.value === 'id');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('Nothing is changed yet.').waitFor();
});

story('what is missing in a chain is added where it is missing', async ({ page, go }) => {
  await at.server.zw('add', 'requirement', 'title=Doors are locked');
  const key = /RQ-\d+/.exec(await at.server.zw('list', 'title:Doors'))[0];
  await go(`/p/MAIN/trace?key=${key}`);
  await page.getByText('Missing after:').waitFor();
  await page.getByRole('button', { name: '+ Is answered by' }).click();
  await accessible(page, 'missing link');
  await page.getByRole('combobox', { name: 'To which item' }).click();
  await page.keyboard.type('personal accounts');
  await page.getByRole('option', { name: /^CL-2 / }).waitFor({ state: 'hidden' }); // what the words find, and not all that was there before
  await page.getByRole('option', { name: /^CL-1 Personal accounts/ }).click();
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await page.getByRole('heading', { name: '1 step after' }).waitFor();
  assert.equal(await page.getByRole('button', { name: '+ Is answered by' }).count(), 0);
});

story('the state machine of a kind is changed and put back; what makes no sense is refused with its reason', async ({ page, go }) => {
  await go('/p/MAIN/workflows?kind=hazard');
  await page.getByText('The default', { exact: true }).waitFor();
  await page.getByLabel('Add a state').selectOption('verified');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/verified/i).and(page.locator('.toast span')).waitFor(); // no transition leads there
  await page.getByRole('button', { name: 'Allow from Draft to Verified' }).click();
  const rule = page.getByRole('region', { name: 'From Draft to Verified' });
  await rule.getByLabel('Author', { exact: true }).uncheck();
  await rule.getByLabel('Approver').check();
  await rule.getByLabel('Not who wrote').check();
  await rule.getByLabel('Ask for a signature').selectOption('reviewed');
  await rule.getByLabel('Ask for a link').selectOption({ label: 'Relates to' });
  await accessible(page, 'workflow editor');
  await page.getByLabel('Why').fill('Hazards are verified');
  await page.getByRole('button', { name: 'Allow from Verified to Retired' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The workflow of Hazard is saved.').waitFor();
  await page.getByText('Of this project').waitFor();
  const machine = JSON.parse(await at.server.zw('--json', 'workflow', 'show', 'hazard'));
  const made = machine.transitions.find((one) => one.from === 'draft' && one.to === 'verified');
  assert.deepEqual([made.roles, made.other_person, made.signatures, made.links.map((one) => one.type)], [['approver'], true, [{ meaning: 'reviewed', least: 1 }], ['relates_to']]);
  await page.getByRole('button', { name: 'Back to the default' }).click();
  await page.getByText('The default', { exact: true }).waitFor();
}, { provoked: true });

story('a report is chosen, previewed and made as a job; a reload finds it again', async ({ page, go, context }) => {
  await go('/p/MAIN/reports');
  await page.getByRole('radio', { name: /^Gap report/ }).check();
  await page.getByText('Zones and conduits all').click();
  await page.getByRole('checkbox', { name: /^ZN-3 / }).check();
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Preview' }).click();
  await (await opened).getByRole('heading', { name: /ZN-3/ }).first().waitFor();
  await page.getByRole('button', { name: 'Make the report' }).click();
  await page.getByText('Report: Done').waitFor();
  await accessible(page, 'report made');
  await page.reload();
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  assert.equal((await coming).suggestedFilename(), 'gap.html');
  await page.getByRole('cell', { name: 'gap.html' }).waitFor();
});

story('what is typed into a filter before its completion is loaded is completed all the same', async ({ page, context }) => {
  let goOn;
  const wanted = new Promise((done) => {
    goOn = done;
  });
  await context.route(/\/metamodel|assets\/part/, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    if (/metamodel/.test(route.request().url()) || body.includes('combobox-pop')) await wanted;
    await route.fulfill({ response, body });
  });
  await page.goto(`${at.server.base}/p/MAIN/zones`);
  await page.getByRole('textbox', { name: 'Filter' }).click();
  await page.keyboard.type('natue');
  await page.keyboard.press('ArrowLeft');
  goOn();
  const filter = page.getByRole('combobox', { name: 'Filter' });
  await filter.waitFor();
  await page.waitForFunction(() => document.activeElement?.role === 'combobox' && document.activeElement.selectionStart === 4);
  await page.keyboard.type('r');
  assert.equal(await filter.inputValue(), 'nature', 'focus and place are kept');
  await page.getByRole('option', { name: /^nature:/ }).waitFor();
});

story('the sample is removed with one click, after a question', async ({ page, go }) => {
  await at.server.zw('project', 'create', 'KEPT', 'Kept');
  await go('/projects');
  await page.getByLabel('Key').fill('TRY');
  await page.getByLabel('Title').fill('To be removed');
  await page.getByRole('button', { name: 'Create the sample plant' }).click();
  await page.getByText('This is the sample plant').waitFor();
  await page.getByRole('button', { name: 'Remove the sample' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove the sample' });
  await accessible(page, 'remove the sample');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Remove the sample' }).click();
  await dialog.getByRole('button', { name: 'Remove the sample' }).click();
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
  await page.getByRole('link', { name: 'Lindental water works' }).waitFor();
  assert.equal(await page.getByText('To be removed').count(), 0);
  assert.doesNotMatch(await at.server.zw('project', 'list'), /TRY/);
});

story('a change goes over the board by keyboard, and the rule says why not yet', async ({ page, go }) => {
  await go('/p/MAIN/changes');
  const card = page.locator('.card', { hasText: 'Intake modem is taken off the line' });
  const menu = card.getByRole('button', { name: 'Move CH-3, which is Open' });
  await menu.focus();
  await page.keyboard.press('Enter');
  assert.ok(await card.getByRole('button', { name: /^To Assessed/ }).isDisabled());
  assert.match(await card.locator('.why').first().textContent(), /only with "impact_commit" filled in/);
  await accessible(page, 'menu of a card');
  await page.keyboard.press('Escape');
  await card.getByRole('button', { name: 'Compute the impact' }).click();
  await card.getByText(/Impact: \d+ items reached/).waitFor();
  await menu.focus();
  await page.keyboard.press('Enter');
  // what the menu showed last is shown first, and asked for again
  await card.getByRole('button', { name: /^To Assessed/, disabled: false }).press('Enter');
  await page.getByRole('region', { name: 'Assessed' }).getByText('Intake modem is taken off the line').waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-label') === 'Move CH-3, which is Assessed');
});
