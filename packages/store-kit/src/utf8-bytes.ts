/** The size of a text in UTF-8 bytes. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Whether a text is longer than `bytesMax` in UTF-8. Avoids counting in the common case. */
export function isLonger(text: string, bytesMax: number): boolean {
  return text.length * 3 > bytesMax && utf8Bytes(text) > bytesMax;
}
