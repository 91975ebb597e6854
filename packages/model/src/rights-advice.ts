const denied = new Set(['AccessDeniedException', 'AccessDenied']);

/**
 * What an operator can do about a call that AWS has denied, as the end of an error's message.
 *
 * AWS's own words, which come before it, name the action and the resource.
 *
 * @param exception the service's name of the error, e.g. `AccessDeniedException`
 * @returns an empty text for any other error
 */
export function rightsAdvice(exception: string): string {
  if (!denied.has(exception)) return '';
  return '. Allow it to the role of this service: infra/aws/rights.json has a policy for each';
}
