const denied = new Set(['AccessDeniedException', 'AccessDenied']);

/**
 * Advice on a call that AWS has denied, as the end of an error's message.
 *
 * The text of AWS, which precedes it, names the action and the resource.
 *
 * @param exception the service's name of the error, e.g. `AccessDeniedException`
 * @returns an empty text for any other error
 */
export function rightsAdvice(exception: string): string {
  if (!denied.has(exception)) return '';
  return '. Allow it in the role of this service; infra/aws/rights.json has the policy of each service';
}
