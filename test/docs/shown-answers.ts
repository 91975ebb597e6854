import { blocksOf } from './code-blocks.ts';

/** What a page shows of one result: the names of its columns, and its cells as text. */
export interface ShownAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A statement of a page, and the answer below it. */
export interface ShownStatement {
  readonly statement: string;
  readonly answer: ShownAnswer;
}

/** The statements of a block, without what ends each of them. */
export function statementsOf(text: string): readonly string[] {
  const ends = text.split(/;\s*(?:\n|$)/).map((each) => each.trim());
  return ends.filter((each) => each !== '');
}

/** The statements below a heading of a page in their order, each with its answer in the next block. */
export function shownStatements(page: string, heading: string): readonly ShownStatement[] {
  const blocks = blocksOf(page).filter((block) => block.heading === heading);
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sql') return [];
    const statements = statementsOf(text);
    const answers = answersOf(blocks[index + 1]?.text ?? '');
    if (answers.length !== statements.length) {
      throw new Error(
        `${page}, ${heading}: ${statements.length} statements, ${answers.length} answers`,
      );
    }
    return statements.map((statement, at) => ({ statement, answer: answers[at] as ShownAnswer }));
  });
}

/** Tables as `psql` draws them, with an empty line after each. */
function answersOf(text: string): readonly ShownAnswer[] {
  return text
    .trimEnd()
    .split(/\n\s*\n/)
    .map((table) => {
      const [columns = [], , ...rows] = table.split('\n').map(cellsOf);
      return { columns, rows };
    });
}

function cellsOf(line: string): readonly string[] {
  return line.split('|').map((cell) => cell.trim());
}
