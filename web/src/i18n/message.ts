/** A text, or one for one and one for many; `{name}` is filled in. */
export type Message = string | { one: string; other: string };

const texts = new Map<string, Message>();

/** A part of the catalogue is there once a module that says its texts imports it. */
export function addTexts(part: Record<string, Message>): void {
  for (const [key, message] of Object.entries(part)) texts.set(key, message);
}

export const findText = (key: string): Message | undefined => texts.get(key);
