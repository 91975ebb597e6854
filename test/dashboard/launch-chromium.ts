import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** Starts the browser of this machine with its background network traffic off. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
    ],
  });
}
