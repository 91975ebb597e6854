import { renderSettingsPage } from './settings-page.ts';

/** Every page that is written from the code: its path -> what it says. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/settings.md': renderSettingsPage,
};
