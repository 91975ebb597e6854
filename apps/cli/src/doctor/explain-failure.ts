import type { Finding } from './finding.ts';

/** What was tried. */
export interface Attempt {
  /** What a person knows it by. */
  readonly what: string;
  /** The right that it takes, by AWS's name, e.g. `kinesis:GetRecords`. */
  readonly action: string;
  /** What the right must be given on, as a policy names it: an ARN, with `*` where we do not know. */
  readonly resource: string;
  /** The setting of the server's address, and its value where one is set. */
  readonly endpoint: { readonly variable: string; readonly url: string | undefined };
  /** What to do when what is looked for is not there. */
  readonly ifMissing?: string | undefined;
}

interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly exception?: string;
  readonly cause?: unknown;
}

const denied = new Set(['AccessDeniedException', 'AccessDenied']);
const unauthenticated = new Set([
  'CredentialsProviderError',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
  'ExpiredToken',
]);
const missing = new Set(['ResourceNotFoundException', 'NoSuchBucket']);
const skewed = new Set(['RequestTimeTooSkewed', 'RequestExpired']);
const unreached = /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|EPIPE|EPROTO|TimeoutError$)/;

/** Says what an error of a call means, and what to do about it. */
export function explainFailure(error: unknown, attempt: Attempt): Finding {
  const { what, action, resource, endpoint, ifMissing } = attempt;
  const { exception, message } = rootOf(error);
  const fail = (found: string, fix?: string): Finding => ({ what, verdict: 'fail', found, fix });
  const server = endpoint.url ?? 'AWS';
  if (unreached.test(exception)) {
    return fail(
      `${server} does not answer (${exception})`,
      endpoint.url === undefined
        ? `check the network; if you do not use AWS, set ${endpoint.variable}`
        : `start the server, or correct ${endpoint.variable}`,
    );
  }
  if (denied.has(exception)) {
    const fix = `allow ${action} on ${resource} in the role of the service (infra/aws/rights.json has the policy)`;
    return fail(`${action} is not allowed`, fix);
  }
  if (exception === 'KMSAccessDeniedException') {
    return fail(
      `${action} is not allowed to use the encryption key`,
      "in the policy of the stream's key, allow kms:Decrypt for its readers and kms:GenerateDataKey for its producers",
    );
  }
  if (unauthenticated.has(exception)) {
    return fail(
      `${exception}: ${message}`,
      'set credentials as for any AWS SDK (environment, profile, or role of the machine)' +
        (endpoint.url === undefined ? '; to check the stack of `npm start`, add --local' : ''),
    );
  }
  if (skewed.has(exception)) {
    return fail(
      `${exception}: ${message}`,
      "set this machine's clock (NTP: chrony or systemd-timesyncd)",
    );
  }
  if (missing.has(exception)) return fail('does not exist', ifMissing);
  return fail(`${action}: ${exception}: ${message}`);
}

/** The service's own name for it and its words, from under what our packages say around it. */
function rootOf(error: unknown): { readonly exception: string; readonly message: string } {
  const failure = error as Failure;
  const exception = failure.exception ?? failure.code ?? failure.name ?? 'Error';
  const cause = failure.cause as Failure | undefined;
  const isWrapped = failure.exception !== undefined && cause?.message !== undefined;
  return { exception, message: (isWrapped ? cause.message : failure.message) ?? '' };
}
