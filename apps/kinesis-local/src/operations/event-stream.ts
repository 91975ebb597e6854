/** A reply that is a stream of events instead of one value. */
export class EventStream {
  readonly events: AsyncIterable<{ readonly type: string; readonly value: object }>;

  constructor(events: AsyncIterable<{ readonly type: string; readonly value: object }>) {
    this.events = events;
  }
}
