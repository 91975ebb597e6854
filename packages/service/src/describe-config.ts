import { describeSetting, type ConfigShape } from '@highwater/settings';
import { Help } from 'commander';
import type { Flags } from './flags.ts';

// `--help` indents by two more.
const columnsMax = 98;
const indent = '    ';
const width = columnsMax - indent.length;

/** Renders settings for `--help`: name, flag, meaning, allowed values and default. */
export function describeConfig(shape: ConfigShape, flags: Flags = {}): string {
  const help = new Help();
  return Object.keys(shape)
    .map((name) => {
      const flag = Object.keys(flags).find((each) => flags[each] === name);
      const head = flag === undefined ? name : `${name}, --${flag}`;
      const lines = describe(name, shape).map((line) => help.boxWrap(line, width));
      const body = lines.join('\n');
      return `${head}\n${body.replace(/^/gm, indent)}`;
    })
    .join('\n');
}

function describe(name: string, shape: ConfigShape): readonly string[] {
  const setting = shape[name];
  if (setting === undefined) return [];
  const { meaning, values, fallback, isRequired } = describeSetting(name, setting);
  const unset = isRequired ? 'required' : 'optional';
  const otherwise = fallback === undefined ? unset : `default ${fallback}`;
  return [meaning, `[${values === undefined ? otherwise : `${values}; ${otherwise}`}]`];
}
