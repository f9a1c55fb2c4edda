// Every page in both themes at two widths: it shows what it is for, axe finds nothing, nothing sticks out, nobody complains.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLOURS, accessible, fits, openPage, settled, skip, stage, THEMES, WIDTHS } from './harness.mjs';

/** Address, and a text that only the loaded page shows. */
const PAGES = [
  ['/projects', 'Lindental water works'],
  ['/account', 'Safety engineer'],
  ['/p/MAIN/', 'Chlorination safety'],
  ['/p/MAIN/zones', 'Galgenberg reservoir'],
  ['/p/MAIN/zones?view=conduits', 'Telecontrol WAN'],
  ['/p/MAIN/zones?view=levels', 'Remote stations'],
  ['/p/MAIN/zones?view=profile&place=ZN-3', 'SL-A verified'],
  ['/p/MAIN/drawing?sel=ZN-3', 'Chlorine gas detector, cylinder store'],
  ['/p/MAIN/drawing?view=table&sel=CD-1', 'Telecontrol WAN'],
  ['/p/MAIN/threats', 'TS-1'],
  ['/p/MAIN/hazards', 'HZ-1'],
  ['/p/MAIN/risks', 'RK-1'],
  ['/p/MAIN/risks?view=matrix', 'After countermeasures'],
  ['/p/MAIN/risks?view=targets', 'Galgenberg reservoir'],
  ['/p/MAIN/risks?view=targets&place=ZN-3', 'Chlorine protection is out of service'],
  ['/p/MAIN/risks?view=methods&method=matrix-5x5@1', 'one or more deaths'],
  ['/p/MAIN/risks?view=open', '9 of 52 risks are open'],
  ['/p/MAIN/safety', 'ms process safety time'],
  ['/p/MAIN/safety?view=interactions', 'Countermeasures and functions'],
  ['/p/MAIN/safety?view=hazards', 'credits'],
  ['/p/MAIN/requirements', 'RQ-1'],
  ['/p/MAIN/requirements?view=coverage&open=FR+1,SR+1.1', 'Human user identification and authentication'],
  ['/p/MAIN/trace?key=RQ-1', 'S7-1516: identification'],
  ['/p/MAIN/matrix?sel=RQ-1+CM-2', 'derived: over the chain'],
  ['/p/MAIN/neighbourhood?key=TS-1&to=SF-2', 'TS-1 Leads to HZ-2'],
  ['/p/MAIN/neighbourhood?key=TS-1&view=table', 'Overdosed water leaves the works'],
  ['/p/MAIN/impact', 'Choose an item'],
  ['/p/MAIN/impact?key=TS-1', 'Overdosed water leaves the works'],
  ['/p/MAIN/what-if?changes=[{"what":"retire","key":"CM-1"}]', 'safety functions are touched'],
  ['/p/MAIN/components', 'CP-1'],
  ['/p/MAIN/assets', 'AS-1'],
  ['/p/MAIN/zcr', 'systems and access points are described'],
  ['/p/MAIN/defects', 'FL-19 goes from ZN-5 to ZN-4 over no conduit'],
  ['/p/MAIN/capability?component=CP-1', 'CL-162 says not met'],
  ['/findings', 'Lindental water works'],
  ['/p/MAIN/findings?finding=FD-3/CP-3', 'Rows it is proposed to break'],
  ['/p/MAIN/findings?q=title:nowhere', 'No findings'],
  ['/p/MAIN/inventory', 'Show accepted ones'],
  ['/p/MAIN/evidence', 'Valid until'],
  ['/p/MAIN/design', 'Revision or version'],
  ['/p/MAIN/assessments', 'Make the requirements'],
  ['/p/MAIN/assessments?view=requirements&standard=62443-4-1', 'Development process'],
  ['/p/MAIN/psirt', 'Level gateway takes any password after a restart'],
  ['/p/MAIN/tests', 'without a test'],
  ['/p/MAIN/tests?view=cases&list=failed', 'Last result'],
  ['/p/MAIN/tests?view=runs', 'When'],
  ['/p/MAIN/tests?view=plans', 'No test plans'],
  ['/p/MAIN/execute', 'No test is done by hand'],
  ['/p/MAIN/suspects', 'Does the link still hold?'],
  ['/p/MAIN/baselines', 'Acceptance of the risk assessment'],
  ['/p/MAIN/baselines?from=BL-1&to=17', 'Levels and rows, commit 8 against 17'],
  ['/p/MAIN/reviews', 'Send for review'],
  ['/p/MAIN/changes', 'Firmware 2.4 for the ring switches'],
  ['/p/MAIN/incidents', 'Portal answers on the internet'],
  ['/p/MAIN/work', 'Lindental water works'],
  ['/p/MAIN/branches', 'No branches'],
  ['/p/MAIN/vendors', 'Siemens'],
  ['/p/MAIN/vendors?vendor=siemens', 'In this project'],
  ['/p/MAIN/advisories', 'No advisory'],
  ['/p/MAIN/feeds', 'What rests on the feeds is unknown'],
  ['/p/MAIN/plan?zone=ZN-2', 'What zones and conduits gain'],
  ['/p/MAIN/log?item=RK-3', 'Wrong chlorine setpoint'],
  ['/p/MAIN/reports', 'Traceability report'],
  ['/p/MAIN/reports?type=iec62443&zones=ZN-3', 'First day'],
  ['/p/MAIN/report-compare', 'No reports to compare'],
  ['/p/MAIN/report-compare?from=BL-1&to=17', 'findings moved'],
  ['/people', 'Ann Author'],
  ['/audit', 'Outcome'],
  ['/p/MAIN/access', 'Give a role'],
  ['/p/MAIN/audit', 'Outcome'],
  ['/p/MAIN/workflows', 'Begins here'],
  ['/p/MAIN/attributes?kind=asset', 'Name in files and filters'],
  ['/p/MAIN/import', 'What to import'],
  ['/p/MAIN/items?q=kind:claim', 'CL-1'],
  ['/p/MAIN/items/RQ-1', 'Nobody works at a screen'],
  ['/p/MAIN/items/ZN-9', 'Operations services'],
];

const { at } = stage();

// A window of each width, in which one page is opened after the other: the browser has the program compiled then.
const windows = new Map();

async function window(width) {
  if (!windows.has(width)) windows.set(width, await openPage(at.browser, { width, state: at.state }));
  return windows.get(width);
}

// A theme changes colours alone, so a page is loaded once for each width and shown in both, and looked at for colours in the second.
async function look({ page, quiet }, address, text, width) {
  await page.emulateMedia({ colorScheme: THEMES[0] });
  await page.goto(at.server.base + address);
  await page.getByText(text).first().waitFor();
  for (const [index, theme] of THEMES.entries()) {
    const what = `${address} ${theme} ${width}`;
    await page.emulateMedia({ colorScheme: theme });
    await settled(page);
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, what);
    await fits(page, what);
    await accessible(page, what, index === 0 ? undefined : COLOURS);
  }
  quiet();
}

for (const [address, text] of PAGES)
  test(address, { skip }, async () => {
    for (const width of WIDTHS) {
      const opened = await window(width);
      try {
        await look(opened, address, text, width);
      } catch (error) {
        // what was said about this page is not held against the next
        windows.delete(width);
        await opened.context.close();
        throw error;
      }
    }
  });

test('sign-in', { skip }, async () => {
  for (const theme of THEMES)
    for (const width of WIDTHS) {
      const { context, page, quiet } = await openPage(at.browser, { theme, width });
      await page.goto(`${at.server.base}/p/MAIN/zones`);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await fits(page, `sign-in ${width}`);
      await accessible(page, `sign-in ${theme} ${width}`);
      quiet({ provoked: true });
      await context.close();
    }
});
