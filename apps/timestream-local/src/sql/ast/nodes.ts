import type { Position } from '../sql-error.ts';
import type { TypeName } from './type-name.ts';

/**
 * The parser's output for a query. Expressions contain queries, and queries contain expressions.
 */
interface Node<K extends string> {
  readonly kind: K;
  readonly at: Position;
}

export interface Name {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly at: Position;
}

export type NullLiteral = Node<'null'>;
export interface BooleanLiteral extends Node<'boolean'> {
  readonly value: boolean;
}
export interface IntegerLiteral extends Node<'integer'> {
  readonly text: string;
}
/** `1.5`, `2e3`: a DOUBLE. */
export interface DecimalLiteral extends Node<'decimal'> {
  readonly text: string;
}
export interface StringLiteral extends Node<'string'> {
  readonly value: string;
}
/** `5m`, `1.5h`, `12month`. */
export interface DurationLiteral extends Node<'duration'> {
  /** Digits, and possibly a fraction. */
  readonly count: string;
  readonly unit: string;
}
/** `INTERVAL '2' DAY`. */
export interface IntervalLiteral extends Node<'interval'> {
  readonly text: string;
  readonly isNegative: boolean;
  readonly from: IntervalField;
  readonly to?: IntervalField | undefined;
}
export type IntervalField = 'YEAR' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR' | 'MINUTE' | 'SECOND';
/** `DATE '2020-08-08'`, `TIMESTAMP '…'`, `TIME '…'`. */
export interface TypedLiteral extends Node<'typed'> {
  readonly type: 'date' | 'time' | 'timestamp';
  readonly text: string;
}
/** `@name` of a prepared query. */
export interface Parameter extends Node<'parameter'> {
  readonly name: string;
}

/** A column, a lambda's argument, or a qualifier of a `field`. `measure_value::double` is one name. */
export interface Identifier extends Node<'identifier'> {
  readonly name: Name;
}
/** `base.name`: a column of a relation, or a field of a row. */
export interface Field extends Node<'field'> {
  readonly base: Expression;
  readonly name: Name;
}
export interface Subscript extends Node<'subscript'> {
  readonly base: Expression;
  readonly index: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Negation extends Node<'negate'> {
  readonly operator: '-' | '+';
  readonly operand: Expression;
}
export interface Binary extends Node<'binary'> {
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Comparison extends Node<'comparison'> {
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `x > ALL (SELECT …)`. */
export interface QuantifiedComparison extends Node<'quantified'> {
  readonly operator: ComparisonOperator;
  readonly quantifier: 'ALL' | 'ANY';
  readonly left: Expression;
  readonly query: Query;
}
/** Two or more terms, flat: machines write chains of thousands. */
export interface Logical extends Node<'logical'> {
  readonly operator: 'AND' | 'OR';
  readonly terms: readonly Expression[];
}
export interface Not extends Node<'not'> {
  readonly operand: Expression;
}
export interface Between extends Node<'between'> {
  readonly isNot: boolean;
  readonly value: Expression;
  readonly low: Expression;
  readonly high: Expression;
}
export interface InList extends Node<'inList'> {
  readonly isNot: boolean;
  readonly value: Expression;
  readonly items: readonly Expression[];
}
export interface InQuery extends Node<'inQuery'> {
  readonly isNot: boolean;
  readonly value: Expression;
  readonly query: Query;
}
export interface Like extends Node<'like'> {
  readonly isNot: boolean;
  readonly value: Expression;
  readonly pattern: Expression;
  readonly escape?: Expression | undefined;
}
export interface IsNull extends Node<'isNull'> {
  readonly isNot: boolean;
  readonly value: Expression;
}
export interface IsDistinct extends Node<'isDistinct'> {
  readonly isNot: boolean;
  readonly left: Expression;
  readonly right: Expression;
}
export interface Exists extends Node<'exists'> {
  readonly query: Query;
}
export interface ScalarQuery extends Node<'scalarQuery'> {
  readonly query: Query;
}

export interface When {
  readonly condition: Expression;
  readonly result: Expression;
}
export interface Case extends Node<'case'> {
  readonly operand?: Expression | undefined;
  readonly whens: readonly When[];
  readonly otherwise?: Expression | undefined;
}
export interface Cast extends Node<'cast'> {
  readonly isTry: boolean;
  readonly value: Expression;
  readonly type: TypeName;
}
export interface Extract extends Node<'extract'> {
  readonly field: string;
  readonly value: Expression;
}
/** `CURRENT_TIMESTAMP` and others that are called without brackets. */
export interface CurrentTime extends Node<'current'> {
  readonly what:
    'CURRENT_TIMESTAMP' | 'CURRENT_DATE' | 'CURRENT_TIME' | 'LOCALTIMESTAMP' | 'LOCALTIME';
}
export interface ArrayConstructor extends Node<'array'> {
  readonly items: readonly Expression[];
}
/** `ROW(a, b)` or `(a, b)`. */
export interface RowConstructor extends Node<'row'> {
  readonly items: readonly Expression[];
}
export interface Lambda extends Node<'lambda'> {
  readonly parameters: readonly Name[];
  readonly body: Expression;
}

export interface FrameBound {
  readonly kind:
    'unboundedPreceding' | 'preceding' | 'current' | 'following' | 'unboundedFollowing';
  readonly offset?: Expression | undefined;
}
export interface WindowFrame {
  readonly unit: 'ROWS' | 'RANGE' | 'GROUPS';
  readonly start: FrameBound;
  readonly end?: FrameBound | undefined;
}
export interface WindowSpec {
  /** Of a WINDOW clause, that this one builds on or is. */
  readonly base?: Name | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  readonly frame?: WindowFrame | undefined;
}
export interface Call extends Node<'call'> {
  readonly name: Name;
  readonly arguments: readonly Expression[];
  /** `count(*)`. */
  readonly isStar: boolean;
  readonly isDistinct: boolean;
  readonly orderBy: readonly SortItem[];
  readonly filter?: Expression | undefined;
  readonly nulls?: 'IGNORE' | 'RESPECT' | undefined;
  readonly over?: WindowSpec | undefined;
}

export type Expression =
  | NullLiteral
  | BooleanLiteral
  | IntegerLiteral
  | DecimalLiteral
  | StringLiteral
  | DurationLiteral
  | IntervalLiteral
  | TypedLiteral
  | Parameter
  | Identifier
  | Field
  | Subscript
  | Negation
  | Binary
  | Comparison
  | QuantifiedComparison
  | Logical
  | Not
  | Between
  | InList
  | InQuery
  | Like
  | IsNull
  | IsDistinct
  | Exists
  | ScalarQuery
  | Case
  | Cast
  | Extract
  | CurrentTime
  | ArrayConstructor
  | RowConstructor
  | Lambda
  | Call;

export interface SortItem {
  readonly expression: Expression;
  readonly isDescending: boolean;
  readonly nulls?: 'FIRST' | 'LAST' | undefined;
}

export interface WithItem {
  readonly name: Name;
  readonly columns: readonly Name[];
  readonly query: Query;
}

/** A whole query, as a statement or in brackets. */
export interface Query {
  readonly kind: 'query';
  readonly at: Position;
  readonly with: readonly WithItem[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly offset?: string | undefined;
  /** Absent also for `LIMIT ALL`. */
  readonly limit?: string | undefined;
}

export type QueryBody = Select | SetOperation | Values | NestedQuery;

export interface NestedQuery {
  readonly kind: 'nested';
  readonly at: Position;
  readonly query: Query;
}

export interface SetOperation {
  readonly kind: 'set';
  readonly at: Position;
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly isAll: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

export interface Values {
  readonly kind: 'values';
  readonly at: Position;
  readonly rows: readonly Expression[];
}

export type SelectItem =
  | {
      readonly kind: 'expression';
      readonly expression: Expression;
      readonly alias?: Name | undefined;
      readonly at: Position;
    }
  /** `*` or `t.*`. */
  | { readonly kind: 'star'; readonly qualifier?: Name | undefined; readonly at: Position };

export interface Select {
  readonly kind: 'select';
  readonly at: Position;
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: Relation | undefined;
  readonly where?: Expression | undefined;
  readonly groupBy: readonly GroupingElement[];
  readonly having?: Expression | undefined;
  readonly windows: readonly { readonly name: Name; readonly spec: WindowSpec }[];
}

export type GroupingElement =
  | { readonly kind: 'simple'; readonly expressions: readonly Expression[] }
  | { readonly kind: 'rollup' | 'cube'; readonly expressions: readonly Expression[] }
  | { readonly kind: 'sets'; readonly sets: readonly (readonly Expression[])[] };

export interface TableRelation {
  readonly kind: 'table';
  readonly at: Position;
  /** `table` or `database.table`. */
  readonly parts: readonly Name[];
}
export interface QueryRelation {
  readonly kind: 'subquery';
  readonly at: Position;
  readonly query: Query;
  readonly isLateral: boolean;
}
export interface UnnestRelation {
  readonly kind: 'unnest';
  readonly at: Position;
  readonly expressions: readonly Expression[];
  readonly withOrdinality: boolean;
}
export interface AliasedRelation {
  readonly kind: 'aliased';
  readonly at: Position;
  readonly relation: Relation;
  readonly alias: Name;
  readonly columns: readonly Name[];
}
export interface Join {
  readonly kind: 'join';
  readonly at: Position;
  readonly type: 'CROSS' | 'INNER' | 'LEFT' | 'RIGHT' | 'FULL';
  readonly left: Relation;
  readonly right: Relation;
  readonly on?: Expression | undefined;
  readonly using?: readonly Name[] | undefined;
}

export type Relation = TableRelation | QueryRelation | UnnestRelation | AliasedRelation | Join;
