/** What the site uses of a token of markdown-it. */
export interface Token {
  readonly type: string;
  readonly info: string;
  readonly content: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** What is known of the page that is rendered: its file, also where its address is another. */
export interface PageEnvironment {
  readonly path: string;
  readonly realPath?: string;
}

type CoreRule = (state: {
  readonly tokens: readonly Token[];
  readonly env: PageEnvironment;
}) => void;
type RenderRule = (tokens: readonly Token[], index: number, ...rest: readonly unknown[]) => string;

/** What the site uses of markdown-it. Its own types come with the packages of the site, which only the site installs. */
export interface MarkdownIt {
  readonly core: { readonly ruler: { push(name: string, rule: CoreRule): void } };
  readonly renderer: { readonly rules: { fence: RenderRule; code_block: RenderRule } };
}
