/** Where a database is, and as whom it is used. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /**
   * The schema with a view for each measure. The tables are in `<schema>_data`, and the views of
   * corrections in `<schema>_corrections`.
   *
   * @default 'highwater'
   */
  readonly schema?: string | undefined;
  /** `require` encrypts, but takes any certificate; `verify-full` checks it and the host's name in it. */
  readonly tls: 'off' | 'require' | 'verify-full';
  /** Certificates to trust instead of those that Node brings, in PEM; with `verify-full`. */
  readonly caFile?: string | undefined;
  /** Asked for each new connection, since tokens expire and secrets are rotated. */
  readonly password: () => Promise<string | undefined>;
}
