// Plants that are made up, to look at many things at once.
const WITHIN = 15;

/** Native operations: zones on all levels, some within others, and conduits between them, always the same ones. */
export function bigPlant(zones, conduits) {
  const lines = [];
  let seed = 7;
  const next = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const levels = ['0', '1', '1', '2', '2', '3', '3.5', '4'];
  const say = (op) => lines.push(JSON.stringify(op));
  for (let i = 1; i <= zones; i++) say({ op: 'item', key: `ZN-${i}`, kind: 'zone', title: `Area ${i}`, attrs: { purdue: levels[next(levels.length)] } });
  for (let i = zones - WITHIN + 1; i <= zones; i++) say({ op: 'link', from: `ZN-${i}`, type: 'part_of', to: `ZN-${1 + next(WITHIN)}` });
  for (let i = 1; i <= conduits; i++) {
    const from = 1 + next(zones);
    say({ op: 'item', key: `CD-${i}`, kind: 'conduit', title: `Line ${i}`, attrs: { protocols: ['OPC UA'] } });
    say({ op: 'link', from: `CD-${i}`, type: 'connects', to: `ZN-${from}`, as: 'a' });
    say({ op: 'link', from: `CD-${i}`, type: 'connects', to: `ZN-${1 + ((from + next(zones - 1)) % zones)}`, as: 'b' });
  }
  return `${lines.join('\n')}\n`;
}
