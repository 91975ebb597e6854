import type { Clock, Logger } from '@highwater/model';
import { pino, type DestinationStream } from 'pino';
import { limitRepeats } from './limit-repeats.ts';
import { redactFields } from './redact.ts';

/** How a service logs. */
export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
  readonly clock: Clock;
  /** Where lines go. @default standard output, written synchronously so that a crash loses none */
  readonly destination?: DestinationStream | undefined;
}

/** A log that can report its suppressed repeats at the end. */
export interface ServiceLogger extends Logger {
  flush(): void;
}

const repeatIntervalMs = 10_000;

/**
 * Logs one JSON line per call, with ISO time, level, and name.
 *
 * Repeats of a message (or of a message and shard, if the line names a shard) are limited to one
 * every 10 s. `suppressed` in the next line is the number of suppressed lines. Debug and trace
 * lines are not limited, because users who enable them want to see all of them.
 */
export function createLogger(options: LoggerOptions): ServiceLogger {
  const sink = pino(
    {
      base: { name: options.name },
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      formatters: { level: (label) => ({ level: label }), log: redactFields },
    },
    options.destination ?? pino.destination({ dest: 1, sync: true }),
  );
  const repeats = limitRepeats(repeatIntervalMs, () => options.clock.monotonicMs());
  const limited =
    (level: 'info' | 'warn' | 'error'): Logger['info'] =>
    (fields, message) => {
      const shardId = fields['shardId'];
      const key = typeof shardId === 'string' ? `${message} ${shardId}` : message;
      const { isLogged, suppressed } = repeats.judge(key);
      if (isLogged) sink[level](suppressed > 0 ? { ...fields, suppressed } : fields, message);
    };
  return {
    trace: (fields, message) => sink.trace(fields, message),
    debug: (fields, message) => sink.debug(fields, message),
    info: limited('info'),
    warn: limited('warn'),
    error: limited('error'),
    flush: () => {
      const held = repeats.drain();
      if (held.length > 0) sink.info({ held }, 'Suppressed repeated log lines.');
    },
  };
}

/**
 * The message of an error with the messages of its causes. A cause that the error already quotes is
 * not repeated.
 */
function describeError(error: Error): unknown {
  const described: unknown = pino.stdSerializers.err(error);
  if (!(error instanceof Error)) return described;
  return redactFields({ ...(described as object), message: messagesOf(error) });
}

function messagesOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  const inner = messagesOf(cause);
  return message.includes(inner) ? message : `${message}: ${inner}`;
}
