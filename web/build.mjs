// Bundles src/ and writes it as one C file: every asset as it is and packed, and the first segments of the app's pages.
// Usage: node build.mjs OUTDIR DEPFILE LABEL (LABEL is OUTDIR as the depfile is to say it)
import { build } from 'esbuild';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ALIASES } from './aliases.mjs';

const web = dirname(fileURLToPath(import.meta.url));
const [outdir, depfile, label] = process.argv.slice(2);

const TYPES = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

async function bundle(dir) {
  const result = await build({
    absWorkingDir: web,
    entryPoints: { app: 'src/main.tsx' },
    outdir: dir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: ALIASES,
    define: { 'process.env.NODE_ENV': '"production"' },
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return result.metafile;
}

// The files that the entry needs before anything shows: itself and what it imports without waiting.
function firstFiles(outputs, name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') firstFiles(outputs, path, seen);
  return seen;
}

const baseName = (path) => path.slice(path.lastIndexOf('/') + 1);

function indexPage(script, style, icon, parts) {
  const preload = parts.map((part) => `<link rel="modulepreload" href="/assets/${part}">`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Zonewright</title><link rel="icon" href="/assets/${icon}">
<link rel="stylesheet" href="/assets/${style}">${preload}<script type="module" src="/assets/${script}"></script></head>
<body><div id="app"></div><noscript>Zonewright needs JavaScript.</noscript></body></html>
`;
}

// The table of pages is the app's own; what its rows load is left out.
async function pageNames(dir) {
  const file = join(dir, 'pages.mjs');
  await build({
    absWorkingDir: web,
    entryPoints: ['src/pages.ts'],
    outfile: file,
    bundle: true,
    format: 'esm',
    logLevel: 'warning',
    plugins: [{ name: 'rows-only', setup: (b) => b.onResolve({ filter: /^\.\/pages\// }, ({ path }) => ({ path, external: true })) }],
  });
  const { PAGES } = await import(pathToFileURL(file));
  await rm(file);
  const names = PAGES.map((page) => page.path.replace('/p/:project', '').split('/')[1] ?? '').filter((name) => name !== '' && !name.startsWith(':'));
  return [...new Set(names)].sort();
}

// Three octal digits always: a digit that follows is never taken for part of the escape.
function cString(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 4096) {
    let line = '';
    for (const byte of bytes.subarray(at, at + 4096))
      line += byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    lines.push(`"${line}"`);
  }
  return lines.join('\n');
}

function cFile(assets, pages) {
  const rows = assets.map(({ name, bytes, packed }) => {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    return `{ "${name}", "${type}",\n${cString(bytes)},\n${cString(packed)},\n${bytes.length}, ${packed.length} },\n`;
  });
  return `#include "http/assets.h"

static const Asset assets[] = {
${rows.join('')}};

static const char *const pages[] = { ${pages.map((page) => `"${page}"`).join(', ')} };

const Asset *assets_table(size_t *ret_n)
{
        *ret_n = sizeof(assets) / sizeof(assets[0]);
        return assets;
}

const char *const *assets_pages(size_t *ret_n)
{
        *ret_n = sizeof(pages) / sizeof(pages[0]);
        return pages;
}
`;
}

async function loadAssets(dir, meta) {
  const assets = new Map();
  for (const name of (await readdir(dir)).sort()) assets.set(name, await readFile(join(dir, name)));
  const svg = await readFile(join(web, 'src/icon.svg'));
  const icon = `icon-${createHash('sha256').update(svg).digest('hex').slice(0, 8)}.svg`;
  assets.set(icon, svg);
  const entry = Object.keys(meta.outputs).find((path) => meta.outputs[path].entryPoint === 'src/main.tsx');
  const style = baseName(meta.outputs[entry].cssBundle);
  const first = [...firstFiles(meta.outputs, entry)].map(baseName);
  assets.set('index.html', Buffer.from(indexPage(baseName(entry), style, icon, first.slice(1))));
  return { assets, first: ['index.html', style, ...first] };
}

// What each page adds, so that a test can hold first pages to their budget.
function pageSizes(meta, first, packed) {
  const sizes = {};
  for (const [path, { entryPoint }] of Object.entries(meta.outputs)) {
    if (!entryPoint?.startsWith('src/pages/')) continue;
    const files = [...firstFiles(meta.outputs, path)].map(baseName).filter((name) => !first.includes(name));
    sizes[entryPoint.slice('src/pages/'.length)] = files.reduce((sum, name) => sum + packed.get(name), 0);
  }
  return sizes;
}

const dir = await mkdtemp(join(tmpdir(), 'zonewright-web-'));
try {
  const pages = await pageNames(dir);
  const meta = await bundle(dir);
  const { assets, first } = await loadAssets(dir, meta);
  const all = [...assets].map(([name, bytes]) => ({ name, bytes, packed: gzipSync(bytes, { level: 9 }) }));
  const packed = new Map(all.map((asset) => [asset.name, asset.packed.length]));
  const size = { first: first.reduce((sum, name) => sum + packed.get(name), 0), pages: pageSizes(meta, first, packed) };
  const inputs = Object.keys(meta.inputs).map((path) => resolve(web, path));
  inputs.push(...['src/icon.svg', 'build.mjs', 'aliases.mjs', 'tsconfig.json', 'package-lock.json'].map((path) => join(web, path)));
  await writeFile(join(outdir, 'web_assets.c'), cFile(all, pages));
  await writeFile(join(outdir, 'web_size.json'), `${JSON.stringify(size, null, 2)}\n`);
  await writeFile(depfile, `${join(label, 'web_assets.c')}: ${inputs.map((path) => path.replaceAll(' ', '\\ ')).join(' ')}\n`);
} finally {
  await rm(dir, { recursive: true });
}
