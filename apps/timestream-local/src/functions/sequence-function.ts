import { addMonths } from '../types/add-months.ts';
import { failure } from '../types/failure.ts';
import { constantListInRoom } from '../types/room.ts';
import { types } from '../types/sql-type.ts';
import { dateToTimestamp } from '../types/typed.ts';
import { scalar, type Render } from './function-definition.ts';
import { duckTimestamp, toDate } from './time-sql.ts';

const itemsMax = 10_000;

const tooLong = `result of sequence function must not have more than ${itemsMax} entries`;

const wrongWay =
  'sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start';

const dayNs = 'CAST(86400000000000 AS BIGINT)';

const fail = (message: string) => failure(message, types.array(types.bigint));

/** Both ends included; a long sequence fails, and so does a step that leads away from the end. */
const checked = (sql: string, [from, to, step]: readonly string[], count: string) =>
  `(CASE WHEN ${step} = 0 THEN ${fail('sequence step must not be zero')}
     WHEN (${to} - ${from}) * sign(${step}) < 0 THEN ${fail(wrongWay)}
     WHEN ${count} >= ${itemsMax} THEN ${fail(tooLong)}
     ELSE ${constantListInRoom(sql, 'sequence', `((${count}) * 8)`)} END)`;

const sequence: Render = ([from = '', to = '', step = '']) =>
  checked(
    `generate_series(${from}, ${to}, CAST(${step} AS BIGINT))`,
    // Two points in time may be farther apart than 64 bits count nanoseconds.
    [`CAST(${from} AS HUGEINT)`, `CAST(${to} AS HUGEINT)`, step],
    `(CAST(${to} AS HUGEINT) - ${from}) // ${step}`,
  );

const downOrUp: Render = ([from = '', to = ''], facts) =>
  sequence([from, to, `(CASE WHEN ${from} <= ${to} THEN 1 ELSE -1 END)`], facts);

/** As many steps as fit between both ends; months have no fixed length. */
const monthSequence: Render = ([from = '', to = '', step = '']) => {
  const item = addMonths(from, '+', `CAST(sequence_step * ${step} AS INTEGER)`);
  const steps = `(datesub('month', ${duckTimestamp(from)}, ${duckTimestamp(to)}) // ${step})`;
  const sql = `list_transform(generate_series(0, ${steps}), lambda sequence_step: ${item})`;
  return checked(sql, [`CAST(${from} AS HUGEINT)`, `CAST(${to} AS HUGEINT)`, step], steps);
};

/** Makes a sequence of dates from their points in time at midnight. */
const ofDates =
  (render: Render): Render =>
  ([from = '', to = '', step = dayNs], facts) => {
    const times = render([dateToTimestamp(from), dateToTimestamp(to), step], facts);
    return `list_transform(${times}, lambda sequence_day: ${toDate('sequence_day')})`;
  };

export const sequenceFunction = scalar([
  ['sequence(bigint, bigint) -> array(bigint)', downOrUp],
  ['sequence(bigint, bigint, bigint) -> array(bigint)', sequence],
  ['sequence(timestamp, timestamp, duration) -> array(timestamp)', sequence],
  ['sequence(timestamp, timestamp, months) -> array(timestamp)', monthSequence],
  ['sequence(date, date) -> array(date)', ofDates(sequence)],
  ['sequence(date, date, duration) -> array(date)', ofDates(sequence)],
  ['sequence(date, date, months) -> array(date)', ofDates(monthSequence)],
]);
