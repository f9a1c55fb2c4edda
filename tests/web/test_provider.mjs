// Signing in elsewhere, in the browser: the button, the way there and back, and what is said when it does not succeed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, openPage, setUp, settled, skip, startBrowser, startProvider, startServer, THEMES, WIDTHS } from './harness.mjs';

let server;
let browser;
let provider;
let state;

before(async () => {
  if (skip) return;
  server = await startServer({ settings: { ZONEWRIGHT_OUTBOUND_ALLOW: '127.0.0.1', ZONEWRIGHT_OUTBOUND_CLOSED_ADDRESSES: 'true' } });
  browser = await startBrowser();
  state = await setUp(browser, server);
  provider = await startProvider(server);
  await server.zw('provider', 'set', provider.issuer, 'public', '--title', 'Waterworks login');
  await server.zw('--project', 'MAIN', 'provider', 'map', 'engineers', 'author');
  await provider.say({ s1: { preferred_username: 'olga', name: 'Olga Operator', groups: ['engineers'] }, s2: { preferred_username: 'eve', groups: [] } });
});
after(async () => {
  await browser?.close();
  await provider?.stop();
  await server?.stop();
});

async function enter(page, subject) {
  await page.getByRole('link', { name: 'Sign in with Waterworks login' }).click();
  await page.getByRole('heading', { name: 'Provider' }).waitFor();
  await page.getByLabel('Subject').fill(subject);
  await page.getByRole('button', { name: 'Enter' }).click();
}

/** In the page: presses the button in the very task that adds it, before anything that waits for the first paint. */
function pressAsSoonAsThere(name) {
  const look = (_, observer) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent.includes(name));
    if (button === undefined) return;
    observer.disconnect();
    button.click();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

test('the provider leads back to the page that was asked for, with the roles of the group', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser);
  await page.goto(`${server.base}/p/MAIN/zones?q=nature:safety`);
  await enter(page, 's1');
  await page.getByRole('heading', { name: 'Zones and conduits', level: 1 }).waitFor();
  assert.equal(new URL(page.url()).search, '?q=nature%3Asafety');
  await page.getByRole('button', { name: /Olga Operator/ }).waitFor();
  const cookies = (await context.cookies()).filter((one) => one.name.startsWith('__Host-')); // the provider of the test is on this host, too
  assert.deepEqual(cookies.map((one) => [one.name, one.httpOnly, one.sameSite]), [['__Host-zonewright', true, 'Strict']]);
  await page.addInitScript(pressAsSoonAsThere, 'Olga Operator');
  await page.reload();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in with Waterworks login' }).waitFor();
  quiet({ provoked: true });
  await context.close();
});

test('who has no role here is told so on the page where one signs in', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser);
  await page.goto(`${server.base}/projects`);
  await enter(page, 's2');
  await page.getByRole('alert').getByText('Signing in with Waterworks login did not succeed.').waitFor();
  await page.getByLabel('Password').waitFor();
  quiet({ provoked: true });
  await context.close();
});

test('an operator sets the provider up and gives roles to its groups', { skip }, async () => {
  const { context, page, quiet } = await openPage(browser, { state });
  await page.goto(`${server.base}/people`);
  await settled(page);
  const panel = page.locator('section', { has: page.getByRole('heading', { name: 'Signing in elsewhere' }) });
  await panel.getByText(`People sign in with Waterworks login at ${provider.issuer}.`).waitFor();
  await panel.getByRole('cell', { name: 'engineers' }).waitFor();
  await panel.getByRole('textbox', { name: 'Group', exact: true }).fill('readers');
  await panel.getByRole('textbox', { name: 'Project' }).fill('MAIN');
  await panel.getByRole('textbox', { name: 'Roles' }).fill('veiwer');
  await panel.getByRole('button', { name: 'Give roles to the group' }).click();
  await panel.getByRole('alert').getByText(/viewer/).first().waitFor();
  await panel.getByRole('textbox', { name: 'Roles' }).fill('viewer');
  await panel.getByRole('button', { name: 'Give roles to the group' }).click();
  await panel.getByRole('cell', { name: 'readers' }).waitFor();
  await panel.getByRole('textbox', { name: 'Title' }).fill('Plant login');
  await panel.getByRole('button', { name: 'Change' }).click();
  await panel.getByText(/^People sign in with Plant login/).waitFor();
  await accessible(page, 'people');
  await fits(page, 'people');
  quiet({ provoked: true });
  await context.close();
  await server.zw('provider', 'set', provider.issuer, 'public', '--title', 'Waterworks login');
});

for (const theme of THEMES)
  for (const width of WIDTHS)
    test(`the page where one signs in, ${theme}, ${width} px`, { skip }, async () => {
      const { context, page, quiet } = await openPage(browser, { theme, width });
      await page.goto(`${server.base}/?refused=NETWORK`);
      await settled(page);
      await page.getByRole('alert').getByText(/does not answer/).waitFor();
      await accessible(page, 'sign in');
      await fits(page, 'sign in');
      quiet({ provoked: true });
      await context.close();
    });
