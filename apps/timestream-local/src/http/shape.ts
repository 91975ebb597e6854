/** The published model of one member of a request. */
export type Shape =
  | {
      readonly kind: 'string';
      readonly lengthMin?: number;
      readonly lengthMax?: number;
      readonly pattern?: RegExp;
      readonly values?: readonly string[];
    }
  | { readonly kind: 'integer'; readonly min?: bigint; readonly max?: bigint }
  | { readonly kind: 'boolean' }
  | {
      readonly kind: 'list';
      readonly of: Shape;
      readonly lengthMin?: number;
      readonly lengthMax?: number;
    }
  | StructureShape;

export interface StructureShape {
  readonly kind: 'structure';
  readonly members: Readonly<Record<string, Member>>;
}

export type Member = Shape & { readonly required?: boolean };

type StringRules = Omit<Extract<Shape, { kind: 'string' }>, 'kind'>;

export const string = (rules: StringRules = {}): Shape => ({ kind: 'string', ...rules });

export const integer = (min?: number, max?: number): Shape => ({
  kind: 'integer',
  ...(min === undefined ? {} : { min: BigInt(min) }),
  ...(max === undefined ? {} : { max: BigInt(max) }),
});

export const boolean: Shape = { kind: 'boolean' };

export const list = (of: Shape, lengthMin?: number, lengthMax?: number): Shape => ({
  kind: 'list',
  of,
  ...(lengthMin === undefined ? {} : { lengthMin }),
  ...(lengthMax === undefined ? {} : { lengthMax }),
});

export const structure = (members: Readonly<Record<string, Member>>): StructureShape => ({
  kind: 'structure',
  members,
});

export const required = (shape: Shape): Member => ({ ...shape, required: true });
