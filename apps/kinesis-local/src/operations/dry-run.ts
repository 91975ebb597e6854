import { ServiceException } from '@highwater/kinesis-engine';

/**
 * Ends a dry-run request, after everything that could reject it.
 *
 * @throws {ServiceException} DryRunOperationException when it is one
 */
export function checkDryRun(request: { readonly DryRun?: boolean | undefined }): void {
  if (request.DryRun !== true) return;
  throw new ServiceException(
    'DryRunOperationException',
    'Request would have succeeded, but DryRun flag is set.',
  );
}
