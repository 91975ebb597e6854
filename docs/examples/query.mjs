// Runs one SQL statement on the local stack and prints the rows that it returns:
//   npx node docs/examples/query.mjs "SELECT …"
import { TimestreamQueryClient, paginateQuery } from '@aws-sdk/client-timestream-query';

const client = new TimestreamQueryClient({
  region: 'us-east-1',
  endpoint: process.env.AWS_ENDPOINT_URL_TIMESTREAM_QUERY ?? 'http://127.0.0.1:8787',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

const rows = [];
for await (const { ColumnInfo, Rows } of paginateQuery(
  { client },
  { QueryString: process.argv[2] },
)) {
  const names = ColumnInfo.map(({ Name }) => Name);
  for (const { Data } of Rows) {
    rows.push(
      Object.fromEntries(Data.map(({ ScalarValue }, index) => [names[index], ScalarValue])),
    );
  }
}
console.table(rows);
