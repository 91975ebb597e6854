/**
 * An exception of the service, with the name and the text that a client sees. It says what the
 * service answered, not that something of ours went wrong; callers turn it into their own error.
 */
export class ServiceException extends Error {
  override readonly name = 'ServiceException';
  readonly exception: string;

  constructor(exception: string, detail: string) {
    super(detail);
    this.exception = exception;
  }
}
