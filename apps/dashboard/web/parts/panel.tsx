import type { ComponentChildren } from 'preact';

/** A part of a view with a heading and a short note. */
export function Panel({
  title,
  facts,
  children,
}: {
  readonly title: string;
  readonly facts: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="facts">{facts}</span>
      </header>
      {children}
    </section>
  );
}
