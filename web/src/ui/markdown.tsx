import { type Block, blocksOf, type Inline } from '../model/markdown';

function Part({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'code':
      return <code>{part.text}</code>;
    case 'strong':
      return <strong>{part.text}</strong>;
    case 'em':
      return <em>{part.text}</em>;
    case 'link':
      return part.href.startsWith('/') ? (
        <a href={part.href}>{part.text}</a>
      ) : (
        <a href={part.href} target="_blank" rel="noreferrer noopener">
          {part.text}
        </a>
      );
    default:
      return <>{part.text}</>;
  }
}

const Parts = ({ parts }: { parts: Inline[] }) => (
  <>
    {parts.map((part, i) => (
      <Part key={i} part={part} />
    ))}
  </>
);

function BlockView({ block }: { block: Block }) {
  if (block.kind === 'code') return <pre>{block.text}</pre>;
  if (block.kind === 'heading')
    return (
      <p>
        <strong>
          <Parts parts={block.parts} />
        </strong>
      </p>
    );
  if (block.kind === 'paragraph')
    return (
      <p>
        <Parts parts={block.parts} />
      </p>
    );
  const items = block.items.map((parts, i) => (
    <li key={i}>
      <Parts parts={parts} />
    </li>
  ));
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

export function Markdown({ text }: { text: string }) {
  return (
    <div class="markdown">
      {blocksOf(text).map((block, i) => (
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}
