import { useEffect } from 'preact/hooks';
import { CorrectionsPage } from './corrections/corrections-page.tsx';
import { ExplorePage } from './explore/explore-page.tsx';
import { onKey } from './lib/keys.ts';
import { path } from './lib/url-state.ts';
import { Guard } from './parts/guard.tsx';
import { Header } from './parts/header.tsx';
import { Help } from './parts/help.tsx';
import { PipelinePage } from './pipeline/pipeline-page.tsx';
import { QueryPage } from './query/query-page.tsx';

/** The page: a header and one of four views. */
export function App() {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Guard key={path.value}>
          <CurrentPage />
        </Guard>
      </main>
      <Help />
    </>
  );
}

function CurrentPage() {
  switch (path.value) {
    case '/corrections':
      return <CorrectionsPage />;
    case '/pipeline':
      return <PipelinePage />;
    case '/query':
      return <QueryPage />;
    default:
      return <ExplorePage />;
  }
}
