import type { FunctionDefinition } from '../../src/functions/function-definition.ts';
import { functionFamilies } from '../../src/functions/registry.ts';
import type { Signature } from '../../src/functions/type-pattern.ts';
import { typeText, type SqlType } from '../../src/types/sql-type.ts';
import { matches } from './match-pattern.ts';

export type FunctionKind = FunctionDefinition['kind'];

/** The server's own functions, by their result types. */
export class FunctionTable {
  readonly #definitions = functionFamilies.flatMap(({ functions }) => functions);
  readonly #byResult = new Map<string, readonly (readonly Signature[])[]>();

  get names(): readonly string[] {
    return this.#definitions.map(({ name }) => name);
  }

  /** Signatures of each function of a kind. */
  all(kind: FunctionKind): readonly (readonly Signature[])[] {
    return this.#definitions
      .filter((definition) => definition.kind === kind)
      .map(({ overloads }) => overloads.map(({ signature }) => signature));
  }

  /** For each function of a kind, the signatures that can result in a type. */
  resultingIn(type: SqlType, kind: FunctionKind): readonly (readonly Signature[])[] {
    const key = `${kind} ${typeText(type)}`;
    const known = this.#byResult.get(key);
    if (known) return known;
    const found = this.all(kind)
      .map((signatures) => signatures.filter(({ returns }) => matches(returns, type, new Map())))
      .filter((signatures) => signatures.length > 0);
    this.#byResult.set(key, found);
    return found;
  }
}
