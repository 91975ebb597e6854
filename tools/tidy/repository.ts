import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One text file, its path relative to the root, with `/`. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A file of TypeScript or JavaScript. */
export interface SourceFile extends TextFile {
  /** Parsed when first asked for, and once. */
  readonly syntax: ts.SourceFile;
}

/** The input of the rules: real files, or files made by a test. */
export interface Repository {
  readonly files: readonly TextFile[];
  readonly sources: readonly SourceFile[];
}

/** No rule looks into doc comments as syntax, and most of the time of a check is parsing. */
const parsing = {
  languageVersion: ts.ScriptTarget.Latest,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** Reads files that git tracks or would track. Ignored files do not matter. */
export function readRepository(root: string): Repository {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  const paths = [...new Set(list.toString().split('\0'))].filter((path) => path !== '');
  return repositoryOf(paths.flatMap((path) => readText(root, path)));
}

/** Makes a repository of files given as a list. */
export function repositoryOf(files: readonly TextFile[]): Repository {
  return {
    files,
    sources: files.filter(({ path }) => /\.(ts|tsx|mjs)$/.test(path)).map(withSyntax),
  };
}

function withSyntax(file: TextFile): SourceFile {
  let syntax: ts.SourceFile | undefined;
  return {
    ...file,
    get syntax() {
      syntax ??= ts.createSourceFile(file.path, file.text, parsing, true);
      return syntax;
    },
  };
}

/** A file may be deleted without a commit. A file with a zero byte is not text. */
function readText(root: string, path: string): readonly TextFile[] {
  try {
    const text = readFileSync(join(root, path), 'utf8');
    return text.includes('\0') ? [] : [{ path, text }];
  } catch {
    return [];
  }
}
