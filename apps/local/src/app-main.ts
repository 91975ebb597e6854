import { fileURLToPath } from 'node:url';

/**
 * The program of another app. Apps know each other only by this and by the network, never by
 * import.
 */
export function appMain(name: string): string {
  return fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
}
