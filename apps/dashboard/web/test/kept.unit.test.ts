import { browser } from './fake-browser.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { saveCsv, saveJson } from '../lib/download.ts';
import { isDark, toggleTheme } from '../lib/theme.ts';
import { readHistory, remember } from '../query/query-history.ts';

beforeEach(() => {
  browser.stored.clear();
});
afterEach(() => {
  browser.isStorageDenied = false;
  vi.restoreAllMocks();
});

describe('the history of queries', () => {
  it('has the newest first, each once', () => {
    remember('SELECT 1');
    remember('SELECT 2');
    expect(remember('SELECT 1')).toEqual(['SELECT 1', 'SELECT 2']);
    expect(readHistory()).toEqual(['SELECT 1', 'SELECT 2']);
  });

  it('has at most thirty', () => {
    for (let index = 0; index < 35; index += 1) remember(`SELECT ${index}`);
    expect(readHistory()).toHaveLength(30);
    expect(readHistory().at(-1)).toBe('SELECT 5');
  });

  it.each(['no JSON', '{"a":1}', '[1,"SELECT 1",null]'])('skips %s', (text) => {
    browser.stored.set('highwater.queries', text);
    expect(readHistory()).toEqual(text.includes('SELECT') ? ['SELECT 1'] : []);
  });

  it('is empty if storage is unavailable', () => {
    browser.isStorageDenied = true;
    expect(remember('SELECT 1')).toEqual(['SELECT 1']);
    expect(readHistory()).toEqual([]);
  });
});

it('stores a theme only while it differs from that of the system', () => {
  expect(isDark()).toBe(false);
  toggleTheme();
  expect([isDark(), browser.stored.get('highwater.theme')]).toEqual([true, 'dark']);
  toggleTheme();
  expect([isDark(), browser.stored.has('highwater.theme')]).toEqual([false, false]);
});

describe('a saved file', () => {
  const table = {
    columns: ['name', 'value'],
    rows: [
      ['a,"b"', -5],
      ['=1+1', '-7'],
      ['@sum', null],
      ['two\nlines', '+text'],
    ],
  } as const;

  /** The content that a call saves, and its file name. */
  async function savedBy(save: () => void): Promise<{ name: string; text: string }> {
    const saved: Blob[] = [];
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push(blob as Blob);
      return 'blob:saved';
    });
    const link = { download: '', click: vi.fn<() => void>() };
    Object.assign(document, { createElement: () => link });
    save();
    expect(link.click).toHaveBeenCalledOnce();
    return { name: link.download, text: (await saved[0]?.text()) ?? '' };
  }

  it('as CSV has no formula that a spreadsheet would run, and unchanged numbers', async () => {
    expect(await savedBy(() => saveCsv('tide', table))).toEqual({
      name: 'tide.csv',
      text: 'name,value\r\n"a,""b""",-5\r\n\'=1+1,-7\r\n\'@sum,\r\n"two\nlines",\'+text\r\n',
    });
  });

  it('as JSON has an object for each row', async () => {
    const { name, text } = await savedBy(() => saveJson('tide', table));
    expect(name).toBe('tide.json');
    expect(JSON.parse(text)).toContainEqual({ name: '@sum', value: null });
    expect(JSON.parse(text)).toHaveLength(4);
  });
});
