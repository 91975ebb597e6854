import { cutText } from '@highwater/model';

/** Longer than any of the service's own; a value within a message is cut far sooner. */
const messageCharactersMax = 8192;

/**
 * An exception of the service, with the name and the text that a client sees. It says what the
 * service answered, not that something of ours went wrong; callers turn it into their own error.
 */
export class ServiceException extends Error {
  override readonly name = 'ServiceException';
  readonly exception: string;

  constructor(exception: string, detail: string) {
    super(cutText(detail, messageCharactersMax));
    this.exception = exception;
  }
}
