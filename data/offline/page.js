'use strict';
const text = document.getElementById('given').textContent;
const given = JSON.parse(text);
const STATUSES = ['passed', 'failed', 'blocked', 'not_run'];
const WORDS = { passed: 'Passed', failed: 'Failed', blocked: 'Blocked', not_run: 'Not run' };
const KEYS = { p: 'passed', f: 'failed', b: 'blocked', n: 'not_run' };
const PLACE = `zonewright ${HASH}`;
const form = document.getElementById('sign');
const said = document.getElementById('said');

/** Name of a step → {status, observation}; what was recorded before the page was given out is there already. */
const steps = new Map();
for (const one of given.cases) for (const step of one.steps) steps.set(`${one.key}/${step.step}`, { case: one.key, step: step.step, status: step.status, observation: step.observation });

/** What was taken for steps: {case, step, name, media, sha256, data}; the data as base64url. */
let files = [];
const FILE_BYTES_MOST = 15 * 1024 * 1024; // of all together, so that the file saved fits what is taken back
const FILES_MOST = 200; // as many as are taken back

// ---- kept in this browser ----

function keep() {
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  try {
    localStorage.setItem(PLACE, JSON.stringify({ steps: [...steps], fields }));
  } catch {
    said.textContent = 'This browser keeps nothing: save the results as a file before you close the page.';
  }
}

/** Files may be more than a browser keeps; steps are kept all the same. */
function keepFiles() {
  try {
    localStorage.removeItem(`${PLACE} files`); // when these are too many, older ones do not stand for them
    localStorage.setItem(`${PLACE} files`, JSON.stringify(files));
  } catch {
    said.textContent = 'This browser does not keep that many files: save the results as a file before you close the page.';
  }
}

function recallFiles() {
  try {
    files = (JSON.parse(localStorage.getItem(`${PLACE} files`)) ?? []).filter((file) => steps.has(`${file.case}/${file.step}`));
  } catch {
    files = [];
  }
}

function recall() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(PLACE));
  } catch {
    return;
  }
  if (kept === null) return;
  for (const [name, value] of kept.steps) if (steps.has(name)) steps.set(name, value);
  for (const [name, value] of Object.entries(kept.fields)) {
    const field = form.elements.namedItem(name);
    if (field.type === 'checkbox') field.checked = true;
    else field.value = value;
  }
}

// ---- steps ----

function element(tag, words, more = {}) {
  const made = document.createElement(tag);
  if (words !== '') made.textContent = words;
  for (const [name, value] of Object.entries(more)) made.setAttribute(name, value);
  return made;
}

function mark(item, status) {
  const state = steps.get(item.dataset.name);
  state.status = status;
  for (const button of item.querySelectorAll('button[data-status]')) button.setAttribute('aria-pressed', String(button.dataset.status === status));
  keep();
}

function go(item, by) {
  const all = [...document.querySelectorAll('li.step')];
  all[Math.min(all.length - 1, Math.max(0, all.indexOf(item) + by))].focus();
}

function onKey(event) {
  const item = event.currentTarget;
  if (event.target !== item || event.ctrlKey || event.metaKey || event.altKey) return;
  const status = KEYS[event.key];
  if (status !== undefined) {
    mark(item, status);
    if (status === 'failed' || status === 'blocked') item.querySelector('textarea').focus();
    else go(item, 1);
  } else if (event.key === 'j' || event.key === 'ArrowDown') go(item, 1);
  else if (event.key === 'k' || event.key === 'ArrowUp') go(item, -1);
  else return;
  event.preventDefault();
}

function toText(bytes) {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Why a file is not taken, '' when it is. A run has the same content once, so it belongs to one step. */
function refusal(made) {
  const size = files.concat(made).reduce((sum, other) => sum + (other.data.length * 3) / 4, 0);
  const same = files.find((other) => other.sha256 === made.sha256);
  if (same !== undefined) return `it was taken for ${same.case} step ${same.step} already`;
  if (files.length >= FILES_MOST) return `a page has ${FILES_MOST} files at most`;
  return size > FILE_BYTES_MOST ? 'the files of a page have 15 MiB together at most' : '';
}

async function fileOf(one, step, file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const name = [...file.name].slice(-30).join('').replace(/^\.+|[/\\\p{Cc}]/gu, '_');
  return { case: one.key, step: step.step, name, media: /^[!-~]{1,100}$/.test(file.type) ? file.type : '', sha256: await hashOf(bytes), data: toText(bytes) };
}

/** Takes files for a step; a browser tells the name alone, without where it lay. */
async function take(one, step, chosen) {
  const refused = [];
  for (const file of chosen) {
    let why = 'it has more than 15 MiB';
    try {
      const made = file.size > FILE_BYTES_MOST ? null : await fileOf(one, step, file);
      if (made !== null) why = refusal(made);
      if (why === '') files.push(made);
    } catch {
      why = 'it cannot be read';
    }
    if (why !== '') refused.push(`${file.name} is not taken: ${why}.`);
  }
  said.textContent = refused.join(' ');
  keepFiles();
}

function filesView(one, step) {
  const place = element('div', '');
  const list = element('ul', '', { class: 'files' });
  const label = element('label', 'Files ');
  const field = element('input', '', { type: 'file', multiple: '' });
  const show = () => {
    list.replaceChildren(
      ...files
        .filter((file) => file.case === one.key && file.step === step.step)
        .map((file) => {
          const item = element('li', `${file.name} `);
          const drop = element('button', 'Remove', { type: 'button', 'aria-label': `Remove ${file.name}` });
          drop.addEventListener('click', () => {
            files = files.filter((other) => other !== file);
            keepFiles();
            show();
            field.focus();
          });
          item.append(drop);
          return item;
        }),
    );
  };
  field.addEventListener('change', async () => {
    if (canSave()) await take(one, step, [...field.files]);
    field.value = '';
    show();
  });
  label.append(field);
  place.append(label, list);
  show();
  return place;
}

function stepView(one, step) {
  const name = `${one.key}/${step.step}`;
  const item = element('li', '', { class: 'step', tabindex: '0', 'data-name': name, 'aria-label': `${one.key} step ${step.step}` });
  item.append(element('div', `${step.step}. ${step.does}`));
  if (step.expected !== '') item.append(element('div', step.expected, { class: 'expected' }));
  const choices = element('div', '', { class: 'choices' });
  for (const status of STATUSES) {
    const button = element('button', WORDS[status], { type: 'button', 'data-status': status, 'aria-pressed': String(steps.get(name).status === status) });
    button.addEventListener('click', () => mark(item, status));
    choices.append(button);
  }
  const label = element('label', 'Observation');
  const field = element('textarea', '', { rows: '1' });
  field.value = steps.get(name).observation;
  field.addEventListener('input', () => {
    steps.get(name).observation = field.value;
    keep();
  });
  label.append(field);
  item.append(choices, label, filesView(one, step));
  item.addEventListener('keydown', onKey);
  return item;
}

function caseView(one) {
  const section = element('section', '', { 'aria-label': one.key });
  const list = element('ol', '');
  section.append(element('h2', `${one.key} ${one.title}`));
  if (one.environment !== null) section.append(element('p', one.environment));
  for (const step of one.steps) list.append(stepView(one, step));
  section.append(list);
  return section;
}

// ---- the file ----

async function hashOf(bytes) {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A browser computes no hash for a page that came over http; who uses it hears of that before anything is recorded. */
function canSave() {
  if (crypto.subtle === undefined) said.textContent = 'This browser makes no file of a page that came over http: open it from a file, or over https.';
  return crypto.subtle !== undefined;
}

async function save(event) {
  event.preventDefault();
  if (!canSave()) return;
  const field = (name) => form.elements.namedItem(name).value.trim();
  const stated = form.elements.namedItem('stated').checked;
  if (stated && field('tester') === '') {
    said.textContent = 'Who states it?';
    form.elements.namedItem('tester').focus();
    return;
  }
  const recorded = JSON.stringify({ steps: [...steps.values()], tester: field('tester'), witness: field('witness'), environment: field('environment'), stated, saved: new Date().toISOString(), files });
  const file = JSON.stringify({ format: 'zonewright-offline-result-1', given: text, hash: HASH, recorded, recorded_hash: await hashOf(new TextEncoder().encode(recorded)) });
  const link = element('a', '', { href: URL.createObjectURL(new Blob([file], { type: 'application/json' })), download: `${given.of}-${HASH.slice(0, 8)}.json` });
  link.click();
  said.textContent = `Saved: ${link.getAttribute('download')}. Bring it back with: zw test merge FILE`;
}

document.getElementById('head').textContent = `${given.of}, project ${given.project}, given out ${given.made.slice(0, 10)} as of commit ${given.commit}. Works without a network; what you record stays in this browser until you save it.`;
form.elements.namedItem('environment').value = given.environment ?? '';
recall();
recallFiles();
document.getElementById('cases').append(...given.cases.map(caseView));
form.addEventListener('input', keep);
form.addEventListener('submit', (event) => void save(event));
canSave();
