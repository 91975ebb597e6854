/** A page from its title and its blocks, which prettier leaves as they are. */
export function renderPage(title: string, blocks: readonly string[]): string {
  const [start, end] = ['<!-- prettier-ignore-start -->', '<!-- prettier-ignore-end -->'];
  return `${[`# ${title}`, start, ...blocks, end].join('\n\n')}\n`;
}
