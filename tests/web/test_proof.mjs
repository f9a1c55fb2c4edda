// The whole way from a requirement over its risk to results of CI, on a plant that nobody has changed yet.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stage } from './harness.mjs';

const { at, story } = stage();

/** What pytest writes for the one test, and its import as a build server does it. */
async function build(number, body) {
  const path = join(at.server.folder, 'results.xml');
  const counts = `errors="0" failures="${body === '' ? 0 : 1}" skipped="0" tests="1" timestamp="2026-03-0${number}T10:00:00+00:00"`;
  writeFileSync(path, `<testsuites><testsuite name="pytest" ${counts}><testcase classname="tests.test_operator" name="test_least_privilege" time="0.1">${body}</testcase></testsuite></testsuites>`);
  await at.server.zw('test', 'ingest', path, '--run', `build-${number}`, '--stage', 'site');
}

story('from role-based access control to its proof; then the test fails, and overview, tests and report say so', async ({ page, go }) => {
  const item = (key, kind, title, attrs) => ({ op: 'item', key, kind, title, state: 'approved', attrs });
  const link = (from, type, to) => ({ op: 'link', from, type, to });
  const links = async (key) => JSON.parse(await at.server.zw('show', key)).links;
  const claims = (await links('RQ-19')).filter((one) => one.type === 'answers' && one.to === 'RQ-19').map((one) => one.from);
  const target = (await links('ZN-8')).find((one) => one.type === 'targets').from;
  const file = join(at.server.folder, 'rbac.ndjson');
  const operations = [
    item('TS-900', 'threat', 'Somebody at the operator console who should not be there', { frs: [2] }),
    item('RK-900', 'risk', 'Unauthorised access to the operator console', { frs: [2] }),
    item('RQ-900', 'requirement', 'Role-based access control', { ref: '62443-3-3 SR 2.1 RE(2)', source: 'SL 2' }),
    item('DO-900', 'document', 'RBAC in control software v2.1', { revision: '2.1' }),
    item('TC-900', 'test_case', 'Least privilege for operator accounts', { test_kind: 'sat', keys: ['test_least_privilege'] }),
    link('RK-900', 'assesses', 'TS-900'), link('RK-900', 'within', 'ZN-8'), link('RK-900', 'justifies', target), link(target, 'derives', 'RQ-900'), link('RQ-900', 'allocated_to', 'ZN-8'),
    ...claims.flatMap((claim) => [link(claim, 'answers', 'RQ-900'), link('TC-900', 'verifies', claim), link('DO-900', 'evidences', claim)]),
  ];
  writeFileSync(file, operations.map((one) => `${JSON.stringify(one)}\n`).join(''));
  await at.server.zw('import', file);
  const cell = page.getByRole('link', { name: /^ZN-8, Use control/ });
  const row = page.getByRole('row', { name: /RQ-900 Role-based access control/ });

  await build(1, '');
  await go('/p/MAIN/');
  const before = await cell.textContent();
  await go('/p/MAIN/tests?state=passed');
  await row.getByText('Least privilege for operator accounts').waitFor();
  await build(2, '<failure message="operator may change a parameter"/>');
  await go('/p/MAIN/tests?state=failed');
  await row.getByRole('link', { name: 'TC-900' }).waitFor();
  await go('/p/MAIN/');
  await cell.and(page.getByRole('link', { name: /below target/ })).waitFor();
  assert.notEqual(await cell.textContent(), before);
  await assert.rejects(at.server.zw('gate', '--zone', 'ZN-8', '--sl', '2'), { code: 1 });
  await page.goto(`${at.server.base}/reports/verification?project=MAIN`);
  await page.getByRole('row', { name: /TC-900.*failed/i }).first().waitFor();
});
