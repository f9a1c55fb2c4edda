// Base64 for addresses and tokens (RFC 4648, part 5), without padding: bytes in JSON.

export function encode(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function decode(text: string): Uint8Array<ArrayBuffer> {
  const whole = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(whole, (one) => one.charCodeAt(0));
}
