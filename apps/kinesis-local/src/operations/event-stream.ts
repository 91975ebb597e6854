/** A reply that is not one value but a stream of events. */
export class EventStream {
  readonly events: AsyncIterable<{ readonly type: string; readonly value: object }>;

  constructor(events: AsyncIterable<{ readonly type: string; readonly value: object }>) {
    this.events = events;
  }
}
