import { boolean, integer, required, string, structure } from '../http/shape.ts';

const queryString = required(string({ lengthMin: 1, lengthMax: 262_144 }));

/** The model of the Query API's operations. */
export const queryShapes = {
  query: structure({
    QueryString: queryString,
    ClientToken: string({ lengthMin: 32, lengthMax: 128 }),
    NextToken: string({ lengthMin: 1, lengthMax: 2048 }),
    MaxRows: integer(1, 1000),
  }),
  cancel: structure({
    QueryId: required(string({ lengthMin: 1, lengthMax: 64, pattern: /^[a-zA-Z0-9]+$/ })),
  }),
  prepare: structure({ QueryString: queryString, ValidateOnly: boolean }),
};
