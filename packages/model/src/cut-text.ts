/**
 * The first `charactersMax` UTF-16 units of a text, and dots if there are more. Messages quote
 * foreign values in this form.
 */
export function cutText(text: string, charactersMax: number): string {
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}...` : text;
}
