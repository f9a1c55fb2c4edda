// What people do: by keyboard, in two windows at once, and with what is wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, PASSWORD, setUp, settled, skip, startBrowser, startServer } from './harness.mjs';

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

/** A test with a page of its own that nobody complains on. */
function story(name, run, { signedIn = true, provoked = false } = {}) {
  test(name, { skip }, async () => {
    const { context, page, quiet } = await openPage(browser, signedIn ? { state } : {});
    const go = async (address) => {
      await page.goto(server.base + address);
      await settled(page);
    };
    await run({ page, go, context });
    quiet({ provoked });
    await context.close();
  });
}

const query = (page, name) => new URL(page.url()).searchParams.get(name);

story(
  'a wrong password is refused, the right one leads to the page that was asked for',
  async ({ page }) => {
    await page.goto(`${server.base}/p/MAIN/zones`);
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
