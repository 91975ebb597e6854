import type { JsonObject, RequestContext } from './operation.ts';

/** A day, as the real service answers. */
const cachePeriodMinutes = 1440;

/**
 * Answers `DescribeEndpoints` with the address that the client already uses, in the form that its
 * SDK can read: the AWS SDK for JavaScript replaces only the host name with the address and fails
 * on a port. Botocore assumes https for an address without a scheme.
 *
 * @param advertised replaces the address for everyone, for a server behind a proxy
 */
export function describeEndpoints(advertised: string | undefined) {
  return (_input: JsonObject, context: RequestContext): object => {
    const address = advertised ?? addressFor(context);
    return { Endpoints: [{ Address: address, CachePeriodInMinutes: cachePeriodMinutes }] };
  };
}

function addressFor({ userAgent, hostHeader, isSecure }: RequestContext): string {
  if (/aws-sdk-js/i.test(userAgent)) return hostHeader.replace(/:\d+$/, '');
  if (!/botocore|boto3|aws-cli/i.test(userAgent)) return hostHeader;
  return `${isSecure ? 'https' : 'http'}://${hostHeader}`;
}
