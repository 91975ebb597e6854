import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApiError } from '../lib/api.ts';

/** A field for a statement, with line numbers. An error moves the cursor to its position. */
export function Editor({
  value,
  onChange,
  onRun,
  error,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
  readonly error: ApiError | null;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  const lines = value.split('\n');
  // Before the error is painted, and not some frames later.
  useLayoutEffect(() => {
    const { line, column } = error ?? {};
    if (line === undefined || column === undefined || !field.current) return;
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const at = before + column - 1;
    field.current.focus();
    field.current.setSelectionRange(at, wordEnd(value, at));
  }, [error]);
  return (
    <div class="editor">
      <ol aria-hidden="true">
        {lines.map((_line, index) => (
          <li key={index} data-error={error?.line === index + 1 || undefined}>
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        ref={field}
        aria-label="Statement"
        aria-invalid={error !== null}
        data-search=""
        spellcheck={false}
        autocapitalize="off"
        wrap="off"
        rows={Math.min(24, Math.max(7, lines.length + 1))}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onRun();
        }}
      />
    </div>
  );
}

function wordEnd(text: string, at: number): number {
  const word = /^[\w"]+/.exec(text.slice(at));
  return at + (word?.[0].length ?? 1);
}
