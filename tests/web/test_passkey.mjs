// Passkeys in a browser with an authenticator of its own: made, used to sign, and removed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, openPage, PASSWORD, setUp, settled, skip, startBrowser, startServer, THEMES, WIDTHS } from './harness.mjs';

let server;
let browser;
let state;

before(async () => {
  if (skip) return;
  const started = await startServer();
  // an address is no host a passkey can be for
  server = { ...started, base: started.base.replace('127.0.0.1', 'localhost') };
  browser = await startBrowser();
  state = await setUp(browser, server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page whose browser has an authenticator that knows its owner, or does not. */
async function openWithKey({ verified = true, ...options } = {}) {
  const opened = await openPage(browser, { state, ...options });
  const devtools = await opened.context.newCDPSession(opened.page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: verified, automaticPresenceSimulation: true },
  });
  return { ...opened, verify: (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }) };
}

const panel = (page) => page.locator('section', { has: page.getByRole('heading', { name: 'Passkeys', exact: true }) });

async function add(page, name, password = PASSWORD) {
  await page.goto(`${server.base}/account`);
  await settled(page);
  await panel(page).getByLabel('Name').fill(name);
  await panel(page).getByLabel('Present password').fill(password);
  await panel(page).getByRole('button', { name: 'Add a passkey' }).click();
}

async function openSigning(page, key) {
  await page.goto(`${server.base}/p/MAIN/items/${key}`);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  return page.getByRole('dialog', { name: 'Sign 1 item' });
}

test('a passkey is made with the password, signs what is shown, and is removed', { skip }, async () => {
  const { context, page, quiet, verify } = await openWithKey();
  await add(page, 'wrong', 'not the password at all');
  await panel(page).getByRole('alert').waitFor();
  await add(page, 'Key ring');
  await page.getByRole('button', { name: 'Remove the passkey Key ring' }).waitFor();
  await panel(page).getByText('localhost').waitFor();
  await accessible(page, 'account with a passkey');

  // what is typed stays, however late it is known that there is a passkey
  await page.route('**/api/v1/passkeys', (route) => setTimeout(() => void route.continue(), 500));
  const dialog = await openSigning(page, 'ZN-1');
  await dialog.getByLabel('Reason').fill('read with the supplier');
  await page.unroute('**/api/v1/passkeys');
  assert.equal(await dialog.getByRole('radio', { name: 'a passkey' }).isChecked(), true);
  assert.equal(await dialog.getByLabel('Password', { exact: true }).count(), 0);
  await accessible(page, 'sign with a passkey');
  await verify(false);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await verify(true);
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText('Signed 1 item.').waitFor();
  const [made] = JSON.parse(await server.zw('--json', 'signatures', 'ZN-1'));
  assert.deepEqual([made.person, made.meaning, made.proof, made.standing], ['ann', 'reviewed', 'passkey', true]);
  assert.match(made.manifest, /\nreason "read with the supplier"\nproof passkey\n/);
  assert.equal(JSON.parse(await server.zw('--json', 'verify')).ok, true);

  const other = await openSigning(page, 'ZN-2');
  await other.getByRole('radio', { name: 'the password' }).click();
  await other.getByLabel('Reason').fill('read');
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByText('Signed 1 item.').waitFor();
  assert.equal(JSON.parse(await server.zw('--json', 'signatures', 'ZN-2'))[0].proof, 'password');

  await page.goto(`${server.base}/account`);
  await page.getByRole('button', { name: 'Remove the passkey Key ring' }).click();
  await page.getByRole('button', { name: 'Remove the passkey Key ring' }).waitFor({ state: 'detached' });
  quiet({ provoked: true });
  await context.close();
});

test('a passkey signs in alone, and what it began ends with it', { skip }, async () => {
  const { context, page, quiet, verify } = await openWithKey();
  await add(page, 'Phone');
  await page.getByRole('button', { name: 'Remove the passkey Phone' }).waitFor();
  await context.clearCookies();
  await page.goto(`${server.base}/account`);
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await button.waitFor();
  await accessible(page, 'sign in with a passkey');
  await verify(false);
  await button.click();
  await page.getByRole('alert').getByText('No passkey was given').waitFor();
  await verify(true);
  await button.click();
  await page.getByRole('button', { name: 'Remove the passkey Phone' }).click();
  await button.waitFor();
  quiet({ provoked: true });
  await context.close();
});

test('an authenticator that does not know its owner makes none', { skip }, async () => {
  const { context, page } = await openWithKey({ verified: false });
  await add(page, 'nobody');
  await panel(page).getByRole('alert').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Remove the passkey/ }).count(), 0);
  await context.close();
});

for (const theme of THEMES)
  for (const width of WIDTHS)
    test(`the page of the account, ${theme}, ${width} px`, { skip }, async () => {
      const { context, page, quiet } = await openWithKey({ theme, width });
      await add(page, `Key of ${theme} ${width}`);
      await page.getByRole('button', { name: `Remove the passkey Key of ${theme} ${width}` }).waitFor();
      await accessible(page, 'account');
      await fits(page, 'account');
      quiet();
      await context.close();
    });
