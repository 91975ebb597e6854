import { cutText } from '@highwater/model';

/** Longer than any message of the service. A value within a message is cut much shorter. */
const messageCharactersMax = 8192;

/**
 * An exception of the service, with the name and the text that a client sees. It is an answer of
 * the service and does not mean that Highwater failed. Callers turn it into their own error.
 */
export class ServiceException extends Error {
  override readonly name = 'ServiceException';
  readonly exception: string;

  constructor(exception: string, detail: string) {
    super(cutText(detail, messageCharactersMax));
    this.exception = exception;
  }
}
