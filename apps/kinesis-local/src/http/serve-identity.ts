import type { Answered } from '@highwater/aws-json';
import type { Bodies } from '@highwater/service/front-door';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const formType = 'application/x-www-form-urlencoded';
const formBytesMax = 64 * 1024;
const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Whether a request is for the Security Token Service, which uses forms; Kinesis never does. */
export function isIdentityRequest({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.split(';', 1)[0]?.trim() === formType;
}

/**
 * Answers GetCallerIdentity of the Security Token Service, and rejects its other actions. The
 * Kinesis Producer Library uses it to find its account, and does not start without an answer.
 */
export async function serveIdentity(
  request: IncomingMessage,
  response: ServerResponse,
  context: {
    readonly accountId: string;
    readonly bodies: Bodies;
  },
): Promise<Pick<Answered, 'operation' | 'outcome'>> {
  const { accountId, bodies } = context;
  const body = await bodies.read(request, response, formBytesMax);
  const isKnown = new URLSearchParams(body.toString()).get('Action') === 'GetCallerIdentity';
  const outcome = isKnown ? 'ok' : 'InvalidAction';
  const xml = isKnown ? identityXml(accountId) : refusalXml();
  response.writeHead(isKnown ? 200 : 400, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(xml),
  });
  response.end(xml);
  return { operation: isKnown ? 'GetCallerIdentity' : 'unknown', outcome };
}

function identityXml(accountId: string): string {
  return `<GetCallerIdentityResponse xmlns="${namespace}">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::${accountId}:root</Arn>
    <UserId>${accountId}</UserId>
    <Account>${accountId}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>${randomUUID()}</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`;
}

function refusalXml(): string {
  return `<ErrorResponse xmlns="${namespace}">
  <Error>
    <Type>Sender</Type>
    <Code>InvalidAction</Code>
    <Message>GetCallerIdentity is the only action that is served here.</Message>
  </Error>
  <RequestId>${randomUUID()}</RequestId>
</ErrorResponse>
`;
}
