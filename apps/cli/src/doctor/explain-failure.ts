import type { Finding } from './finding.ts';

/** The call that was tried. */
export interface Attempt {
  /** The name by which a person knows the resource. */
  readonly what: string;
  /** The required permission, by AWS's name, e.g. `kinesis:GetRecords`. */
  readonly action: string;
  /** The resource of the permission, as a policy names it: an ARN, with `*` for unknown parts. */
  readonly resource: string;
  /** The setting of the server's address, and its value if it is set. */
  readonly endpoint: { readonly variable: string; readonly url: string | undefined };
  /** What to do when the resource does not exist. */
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

/** Explains an error of a call, and what to do about it. */
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

/** The service's own name and message, without the wording that Highwater adds. */
function rootOf(error: unknown): { readonly exception: string; readonly message: string } {
  const failure = error as Failure;
  const exception = failure.exception ?? failure.code ?? failure.name ?? 'Error';
  const cause = failure.cause as Failure | undefined;
  const isWrapped = failure.exception !== undefined && cause?.message !== undefined;
  return { exception, message: (isWrapped ? cause.message : failure.message) ?? '' };
}
