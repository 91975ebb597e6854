import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { Notice } from './notice.tsx';

/** Keeps a fault of one view from taking the header, and the way out, with it. */
export function Guard({ children }: { readonly children: ComponentChildren }) {
  const [fault] = useErrorBoundary() as [Error | undefined, () => void];
  if (!fault) return <>{children}</>;
  return (
    <Notice kind="error" title="This page failed">
      {fault.message}. Open another page, or reload this one.
    </Notice>
  );
}
