import { Ajv2020 } from 'ajv/dist/2020.js';

/** The documented answers of a route. */
export interface Documented {
  /** Differences between a reply and its documentation, which must not be empty. */
  problemsOf(route: { method: string; path: string }, status: number, reply: unknown): string[];
  /** Differences between an event and the documentation of a route that streams events. */
  problemsOfEvent(path: string, event: { event: string; data: string }): string[];
}

const key = 'api';

/** Reads an OpenAPI document like a client. */
export function documented(document: object): Documented {
  // The document around the schemas has its own keywords; the schemas themselves may have none.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document, key);
  const check = (pointer: readonly string[], value: unknown) => {
    const at = pointer.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    const validate = ajv.getSchema(`${key}#/${encodeURI(at)}`);
    if (!validate) return [`not documented: ${at}`];
    void validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
  return {
    problemsOf({ method, path }, status, reply) {
      const content = ['responses', String(status), 'content', 'application/json', 'schema'];
      return check(['paths', path, method.toLowerCase(), ...content], reply);
    },
    problemsOfEvent(path, event) {
      const item = ['responses', '200', 'content', 'text/event-stream', 'itemSchema'];
      const place = ['paths', path, 'get', ...item];
      const at = ['tick', 'pipeline', 'corrections'].indexOf(event.event);
      return [
        ...check(place, event),
        ...check(
          [...place, 'oneOf', String(at), 'properties', 'data', 'contentSchema'],
          JSON.parse(event.data),
        ),
      ];
    },
  };
}
