import { HighwaterError } from '@highwater/model';

/** The local stack may not use the directory, or may not empty it. */
export class DataDirectoryError extends HighwaterError {
  override readonly name = 'DataDirectoryError';
  readonly code = 'HW_LOCAL_DATA_DIRECTORY';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(directory: string, detail: string, options?: ErrorOptions) {
    super(`opening the data directory ${directory} (HW_DATA_DIR): ${detail}`, options);
  }
}

/** A service of the stack ended unexpectedly, or did not become ready. */
export class ServiceCrashedError extends HighwaterError {
  override readonly name = 'ServiceCrashedError';
  readonly code = 'HW_LOCAL_SERVICE_CRASHED';
  readonly domain = 'internal';
  readonly retry = 'never';
  readonly service: string;

  constructor(crash: {
    readonly service: string;
    readonly what: string;
    readonly logFile: string;
    /** Its last log lines, in readable form. */
    readonly lastLines: readonly string[];
  }) {
    const { service, what, logFile, lastLines } = crash;
    const tail = lastLines.map((line) => `\n    ${line}`).join('');
    super(`running ${service}: ${what}; the last ${lastLines.length} lines of ${logFile}:${tail}`);
    this.service = service;
  }
}
