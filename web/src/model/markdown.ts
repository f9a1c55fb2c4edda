// The subset of Markdown that bodies are written in, as a tree: paragraphs, lists, headings, code, emphasis, links.
// Nothing becomes markup by itself: the caller makes elements of it.
import { isSafe } from './link';

export type Inline =
  | { kind: 'text' | 'code' | 'strong' | 'em'; text: string }
  | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'heading'; parts: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string };

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function inlineOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, em, label, href] = match;
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong });
    else if (em !== undefined) parts.push({ kind: 'em', text: em });
    else if (href !== undefined && isSafe(href)) parts.push({ kind: 'link', text: label ?? href, href });
    else parts.push({ kind: 'text', text: whole });
    at = match.index + whole.length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

function blockOf(lines: string[]): Block {
  const [first = ''] = lines;
  const marker = /^\s*(?:[-*]|(\d+)[.)])\s+/;
  if (/^#{1,6}\s/.test(first)) return { kind: 'heading', parts: inlineOf(first.replace(/^#+\s+/, '')) };
  if (lines.every((line) => marker.test(line) || /^\s+\S/.test(line)) && marker.test(first)) {
    const items: string[] = [];
    for (const line of lines)
      if (marker.test(line)) items.push(line.replace(marker, ''));
      else items[items.length - 1] += ` ${line.trim()}`;
    return { kind: 'list', ordered: marker.exec(first)?.[1] !== undefined, items: items.map(inlineOf) };
  }
  return { kind: 'paragraph', parts: inlineOf(lines.join(' ')) };
}

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let code: string[] | null = null;
  const close = (): void => {
    if (lines.length > 0) blocks.push(blockOf(lines));
    lines = [];
  };
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('```')) {
      if (code === null) close();
      else blocks.push({ kind: 'code', text: code.join('\n') });
      code = code === null ? [] : null;
    } else if (code !== null) code.push(line);
    else if (line.trim() === '') close();
    else lines.push(line);
  }
  if (code !== null) blocks.push({ kind: 'code', text: code.join('\n') });
  close();
  return blocks;
}
