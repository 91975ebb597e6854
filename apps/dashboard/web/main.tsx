import { render } from 'preact';
import { App } from './app.tsx';
import { startLive } from './lib/live.ts';
import { applyTheme } from './lib/theme.ts';

applyTheme();
startLive();
const root = document.querySelector('#app');
if (root) render(<App />, root);
