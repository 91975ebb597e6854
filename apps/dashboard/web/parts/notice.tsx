import type { ComponentChildren } from 'preact';

/** Shown in place of data: nothing yet, loading, or an error with the fix. */
export function Notice({
  kind,
  title,
  children,
}: {
  readonly kind: 'empty' | 'loading' | 'error';
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="notice" data-kind={kind} role={kind === 'error' ? 'alert' : 'status'}>
      <svg viewBox="0 0 64 24" width="64" height="24" aria-hidden="true">
        <path d="M2 14c5-6 10-6 15 0s10 6 15 0 10-6 15 0 10 6 15 0" />
      </svg>
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}
