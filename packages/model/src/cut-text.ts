/**
 * The first `charactersMax` UTF-16 units of a text, and dots when there is more: what a message shows
 * of a value that it did not make itself.
 */
export function cutText(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}...` : text;
}
