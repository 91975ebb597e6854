/** The encoding of the bodies of calls and answers. */
export interface BodyFormat {
  readonly contentType: string;
  /** @throws any error when the bytes are not in this format */
  decode(body: Buffer): unknown;
  encode(value: unknown): Buffer | string;
}
