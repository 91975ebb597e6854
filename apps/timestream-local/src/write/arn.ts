/** The account that everything here belongs to. */
const account = '000000000000';

/** The ARN of a database, in the one account that there is. */
export function databaseArn(region: string, name: string): string {
  return `arn:aws:timestream:${region}:${account}:database/${name}`;
}

/** The ARN of a table, in the one account that there is. */
export function tableArn(region: string, databaseName: string, name: string): string {
  return `${databaseArn(region, databaseName)}/table/${name}`;
}

/** The names in an ARN of ours, whatever its region and account. */
export function parseArn(
  arn: string,
): { readonly database: string; readonly table?: string | undefined } | undefined {
  const match = /^arn:aws[^:]*:timestream:[^:]*:\d*:database\/([^/]+)(?:\/table\/([^/]+))?$/.exec(
    arn,
  );
  return match?.[1] === undefined ? undefined : { database: match[1], table: match[2] };
}
