import { accessSync, constants } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; a test cannot do without. */
export function findChromium(): string {
  const wanted = process.env['CHROMIUM'];
  for (const path of wanted === undefined ? places : [wanted]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next place may have it.
    }
  }
  throw new Error(
    'These tests drive a real Chromium and found none. Install it (Debian: apt-get install -y chromium), or set CHROMIUM to its path.',
  );
}
