/**
 * The browser features that the page's modules use when they are loaded. Import this before them.
 */

/** The browser's storage, and the page's history. */
export const browser = {
  stored: new Map<string, string>(),
  /** Addresses that the back button leads to. */
  visited: [] as string[],
  /** Whether storage is unavailable. */
  isStorageDenied: false,
};

const location = { pathname: '/', search: '' };

function become(next: string): void {
  const { pathname, search } = new URL(next, 'http://page');
  Object.assign(location, { pathname, search });
}

/** Opens an address, as the back button does. */
export function visit(next: string): void {
  become(next);
  dispatchEvent(new Event('popstate'));
}

/** The address of the page. */
export function address(): string {
  return location.pathname + location.search;
}

/** An element of the page that may be an input field. */
class FakeElement extends EventTarget {
  readonly isField: boolean;
  hasFocus = true;

  constructor({ isField }: { readonly isField: boolean }) {
    super();
    this.isField = isField;
  }

  matches(): boolean {
    return this.isField;
  }

  blur(): void {
    this.hasFocus = false;
  }
}

export { FakeElement };

const events = new EventTarget();
const storage = {
  getItem: (key: string) => allowed().get(key) ?? null,
  setItem: (key: string, value: string) => allowed().set(key, value),
  removeItem: (key: string) => allowed().delete(key),
};

function allowed(): Map<string, string> {
  if (browser.isStorageDenied) throw new Error('denied');
  return browser.stored;
}

Object.assign(globalThis, {
  location,
  localStorage: storage,
  HTMLElement: FakeElement,
  matchMedia: () => Object.assign(new EventTarget(), { matches: false }),
  document: { documentElement: { dataset: {} }, querySelector: () => null },
  addEventListener: events.addEventListener.bind(events),
  dispatchEvent: events.dispatchEvent.bind(events),
  history: {
    pushState: (_: unknown, __: string, next: string) => {
      browser.visited.push(address());
      become(next);
    },
    replaceState: (_: unknown, __: string, next: string) => become(next),
  },
});
