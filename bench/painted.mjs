// What the measuring programs that use a browser share.
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** One JSON line, as the other programs give. */
export function figure(name, unit, ours, peer, theirs) {
  console.log(JSON.stringify({ name, unit, ours, peer, theirs, ratio: theirs / ours }));
}

/** Seconds from the navigation to a frame in which the condition held. */
export const painted = (page, holds, argument) =>
  page.waitForFunction(holds, argument, { polling: 'raf' }).then(() => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(performance.now() / 1000)))));
