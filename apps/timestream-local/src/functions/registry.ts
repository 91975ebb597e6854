import { aggregateFunctions } from './aggregate-functions.ts';
import { arrayFunctions } from './array-functions.ts';
import { conditionalFunctions } from './conditional-functions.ts';
import { dateFunctions } from './date-functions.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { mathFunctions } from './math-functions.ts';
import { jsonFunctions } from './json-functions.ts';
import { regexFunctions } from './regex-functions.ts';
import { timeSeriesFunctions } from './timeseries-functions.ts';
import { stringFunctions } from './string-functions.ts';
import { timeFunctions } from './time-functions.ts';
import { windowFunctions } from './window-functions.ts';

/** A group of functions, as docs/reference/timestream-local-functions.md shows them. */
export interface FunctionFamily {
  readonly title: string;
  readonly functions: readonly FunctionDefinition[];
}

export const functionFamilies: readonly FunctionFamily[] = [
  { title: 'Conditional', functions: conditionalFunctions },
  { title: 'Time and intervals', functions: timeFunctions },
  { title: 'Calendar', functions: dateFunctions },
  { title: 'Timeseries', functions: timeSeriesFunctions },
  { title: 'Mathematical', functions: mathFunctions },
  { title: 'Strings', functions: stringFunctions },
  { title: 'Regular expressions', functions: regexFunctions },
  { title: 'JSON', functions: jsonFunctions },
  { title: 'Arrays', functions: arrayFunctions },
  { title: 'Aggregates', functions: aggregateFunctions },
  { title: 'Windows', functions: windowFunctions },
];

const byName = new Map(
  functionFamilies.flatMap(({ functions }) =>
    functions.map((definition) => [definition.name, definition] as const),
  ),
);

/** A function by its name in lower case. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}
