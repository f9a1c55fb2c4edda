// A real server with the sample plant, a real browser, and what every test of a page holds to.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const need = createRequire(join(web, 'package.json'));
const { chromium } = need('playwright-core');
const axeSource = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
const run = promisify(execFile);

const ZW = process.env.ZONEWRIGHT_ZW;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const PASSWORD = 'a password of many words';
export const WIDTHS = [1366, 320];
export const THEMES = ['light', 'dark'];
const START_MS = 60_000;

const browserPath = BROWSERS.find((path) => existsSync(path));
/** The reason to skip, or false. */
export const skip = browserPath === undefined ? 'chromium is not installed (tools/install-deps test)' : false;

/** A data directory with a server; `stop` ends both. */
export async function startServer({ sample = true, settings = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'zonewright-web-'));
  const data = join(folder, 'data');
  await run(ZW, ['--data', data, 'init', ...(sample ? ['--sample'] : [])]);
  const child = spawn(ZW, ['--data', data, 'serve', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...settings } });
  let said = '';
  const base = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the server did not start:\n${said}`)), START_MS);
    const take = (chunk) => {
      said += chunk;
      const found = /serving (http:\/\/\S+)/.exec(said);
      if (found === null || !/with the code [0-9a-f]+/.test(said)) return;
      clearTimeout(timer);
      done(found[1]);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (code) => fail(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return {
    base,
    folder,
    code: /with the code ([0-9a-f]+)/.exec(said)[1],
    zw: async (...args) => (await run(ZW, ['--data', data, ...args])).stdout,
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      assert.equal(await ended, 0, said);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A real provider of identities that knows this server; `say` tells it who there is. */
export async function startProvider(server) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../tools/provider.mjs', import.meta.url)), `${server.base}/api/v1/oidc/callback`], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    issuer: (await lines.next()).value,
    say: async (people) => {
      child.stdin.write(`${JSON.stringify({ people })}\n`);
      assert.equal((await lines.next()).value, 'done');
    },
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      child.stdin.end();
      await ended;
    },
  };
}

export async function startBrowser() {
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

/** The answers that a test provokes on purpose, which the browser notes on the console. */
const PROVOKED = /Failed to load resource: the server responded with a status of (401|403|404|409|412|422|428)/;

/** A page that remembers everything said on its console; `quiet` asserts that it was nothing. */
export async function openPage(browser, { width = 1366, theme = 'light', state } = {}) {
  const context = await browser.newContext({ viewport: { width, height: width === 320 ? 720 : 900 }, colorScheme: theme, storageState: state });
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`));
  });
  const quiet = ({ provoked = false } = {}) => {
    assert.deepEqual(provoked ? said.filter((line) => !PROVOKED.test(line)) : said, []);
    said.length = 0;
  };
  return { context, page, quiet };
}

/** Makes the first account in the browser; the result signs further pages in. */
export async function setUp(browser, server) {
  const { context, page, quiet } = await openPage(browser);
  await page.goto(server.base);
  await page.getByLabel('One-time code').fill(server.code);
  await page.getByLabel('Name', { exact: true }).fill('ann');
  await page.getByLabel('Full name').fill('Ann Author');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('Ann Author').waitFor();
  // who is not signed in is told so by 401, which the browser notes
  quiet({ provoked: true });
  const state = await context.storageState();
  await context.close();
  return state;
}

const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** Those of them that another theme may break. */
export const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Nothing that axe knows to be wrong. */
export async function accessible(page, what, rules = RULES) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (runOnly) => {
    const { violations: found } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] });
    return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
  }, rules);
  assert.deepEqual(violations, [], what);
}

/** Nothing sticks out of the window. */
export async function fits(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${what}: ${over} px stick out`);
}

export async function settled(page) {
  await page.locator('main').waitFor();
  await page.waitForFunction(() => document.querySelector('.waiting') === null);
}

/** A server with the sample plant, a browser and who is signed in, there once the tests of a file run; and how a story is told
 * on them: a test with a page of its own that nobody complains on. */
export function stage() {
  const at = {};
  before(async () => {
    if (skip) return;
    at.server = await startServer();
    at.browser = await startBrowser();
    at.state = await setUp(at.browser, at.server);
  });
  after(async () => {
    await at.browser?.close();
    await at.server?.stop();
  });
  const story = (name, run, { signedIn = true, provoked = false } = {}) =>
    test(name, { skip }, async () => {
      const { context, page, quiet } = await openPage(at.browser, signedIn ? { state: at.state } : {});
      const go = async (address) => {
        await page.goto(at.server.base + address);
        await settled(page);
      };
      await run({ page, go, context });
      quiet({ provoked });
      await context.close();
    });
  return { at, story };
}

/** A member of the query of the page's address. */
export const query = (page, name) => new URL(page.url()).searchParams.get(name);
