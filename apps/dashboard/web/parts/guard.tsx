import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { Notice } from './notice.tsx';

/** Keeps an error of one view from removing the header, and with it the navigation. */
export function Guard({ children }: { readonly children: ComponentChildren }) {
  const [fault] = useErrorBoundary() as [Error | undefined, () => void];
  if (!fault) return <>{children}</>;
  return (
    <Notice kind="error" title="This page failed">
      {fault.message}. Open another page, or reload this one.
    </Notice>
  );
}
