import type {
  Expression,
  FrameBound,
  GroupingElement,
  Name,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
  SortItem,
  WindowSpec,
} from '../../src/sql/ast/nodes.ts';
import type { Statement } from '../../src/sql/ast/statement.ts';
import type { TypeName } from '../../src/sql/ast/type-name.ts';

/** Writes an expression so that it parses to the same tree: with parentheses around every part. */
export function printExpression(node: Expression): string {
  const part = (inner: Expression) => `(${printExpression(inner)})`;
  const list = (items: readonly Expression[]) => items.map(printExpression).join(', ');
  const query = (inner: Query) => `(${printQuery(inner)})`;
  const not = 'isNot' in node && node.isNot ? 'NOT ' : '';
  switch (node.kind) {
    case 'null':
      return 'NULL';
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    case 'integer':
    case 'decimal':
      return node.text;
    case 'string':
      return quoteText(node.value);
    case 'duration':
      return `${node.count}${node.unit}`;
    case 'interval':
      return `INTERVAL ${node.isNegative ? '-' : ''}${quoteText(node.text)} ${node.from}${node.to ? ` TO ${node.to}` : ''}`;
    case 'typed':
      return `${node.type} ${quoteText(node.text)}`;
    case 'parameter':
      return `@${node.name}`;
    case 'identifier':
      return printName(node.name);
    case 'field':
      return `${postfixBase(node.base)}.${printName(node.name)}`;
    case 'subscript':
      return `${postfixBase(node.base)}[${printExpression(node.index)}]`;
    case 'negate':
      return `${node.operator} ${part(node.operand)}`;
    case 'binary':
    case 'comparison':
      return `${part(node.left)} ${node.operator} ${part(node.right)}`;
    case 'quantified':
      return `${part(node.left)} ${node.operator} ${node.quantifier} ${query(node.query)}`;
    case 'logical':
      return node.terms.map(part).join(` ${node.operator} `);
    case 'not':
      return `NOT ${part(node.operand)}`;
    case 'between':
      return `${part(node.value)} ${not}BETWEEN ${part(node.low)} AND ${part(node.high)}`;
    case 'inList':
      return `${part(node.value)} ${not}IN (${list(node.items)})`;
    case 'inQuery':
      return `${part(node.value)} ${not}IN ${query(node.query)}`;
    case 'like':
      return `${part(node.value)} ${not}LIKE ${part(node.pattern)}${node.escape ? ` ESCAPE ${part(node.escape)}` : ''}`;
    case 'isNull':
      return `${part(node.value)} IS ${not}NULL`;
    case 'isDistinct':
      return `${part(node.left)} IS ${not}DISTINCT FROM ${part(node.right)}`;
    case 'exists':
      return `EXISTS ${query(node.query)}`;
    case 'scalarQuery':
      return query(node.query);
    case 'case':
      return [
        'CASE',
        ...(node.operand ? [part(node.operand)] : []),
        ...node.whens.map((when) => `WHEN ${part(when.condition)} THEN ${part(when.result)}`),
        ...(node.otherwise ? [`ELSE ${part(node.otherwise)}`] : []),
        'END',
      ].join(' ');
    case 'cast':
      return `${node.isTry ? 'TRY_CAST' : 'CAST'}(${printExpression(node.value)} AS ${printType(node.type)})`;
    case 'extract':
      return `EXTRACT(${node.field} FROM ${printExpression(node.value)})`;
    case 'current':
      return node.what;
    case 'array':
      return `ARRAY[${list(node.items)}]`;
    case 'row':
      return `ROW(${list(node.items)})`;
    case 'lambda':
      return `(${node.parameters.map(printName).join(', ')}) -> ${part(node.body)}`;
    case 'call':
      return printCall(node);
  }
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function printName({ text, isQuoted }: Name): string {
  return isQuoted ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A name has no parentheses, because they would hide that it may be a relation's. */
function postfixBase(base: Expression): string {
  const isBare = base.kind === 'identifier' || base.kind === 'field' || base.kind === 'subscript';
  return isBare ? printExpression(base) : `(${printExpression(base)})`;
}

function printCall(call: Extract<Expression, { kind: 'call' }>): string {
  const distinct = call.isDistinct ? 'DISTINCT ' : '';
  const args = call.isStar ? '*' : call.arguments.map(printExpression).join(', ');
  const order = call.orderBy.length > 0 ? ` ORDER BY ${printSort(call.orderBy)}` : '';
  const filter = call.filter ? ` FILTER (WHERE ${printExpression(call.filter)})` : '';
  const nulls = call.nulls ? ` ${call.nulls} NULLS` : '';
  const over = call.over ? ` OVER ${printWindow(call.over)}` : '';
  return `${printName(call.name)}(${distinct}${args}${order})${filter}${nulls}${over}`;
}

export function printWindow({ base, partitionBy, orderBy, frame }: WindowSpec): string {
  const parts = [
    base ? printName(base) : '',
    partitionBy.length > 0 ? `PARTITION BY ${partitionBy.map(printExpression).join(', ')}` : '',
    orderBy.length > 0 ? `ORDER BY ${printSort(orderBy)}` : '',
    frame
      ? `${frame.unit} ${frame.end ? `BETWEEN ${printBound(frame.start)} AND ${printBound(frame.end)}` : printBound(frame.start)}`
      : '',
  ];
  return `(${parts.filter((part) => part !== '').join(' ')})`;
}

const bounds = {
  unboundedPreceding: 'UNBOUNDED PRECEDING',
  preceding: 'PRECEDING',
  current: 'CURRENT ROW',
  following: 'FOLLOWING',
  unboundedFollowing: 'UNBOUNDED FOLLOWING',
} as const;

function printBound({ kind, offset }: FrameBound): string {
  return `${offset ? `(${printExpression(offset)}) ` : ''}${bounds[kind]}`;
}

export function printSort(items: readonly SortItem[]): string {
  return items
    .map(({ expression, isDescending, nulls }) => {
      const direction = isDescending ? ' DESC' : '';
      return `${printExpression(expression)}${direction}${nulls ? ` NULLS ${nulls}` : ''}`;
    })
    .join(', ');
}

function printType({ name, arguments: args, numbers }: TypeName): string {
  if (numbers.length > 0) return `${name}(${numbers.join(', ')})`;
  if (args.length === 0) return name;
  const parts = args.map((arg) => `${arg.name ? `${arg.name} ` : ''}${printType(arg.type)}`);
  return `${name}(${parts.join(', ')})`;
}

/** Writes a statement so that it parses to the same tree. */
export function printStatement(statement: Statement): string {
  if (statement.kind === 'query') return printQuery(statement);
  const like = 'like' in statement && statement.like !== undefined;
  const pattern = like ? ` LIKE ${quoteText(statement.like ?? '')}` : '';
  switch (statement.kind) {
    case 'showDatabases':
      return `SHOW DATABASES${pattern}`;
    case 'showTables': {
      const from = statement.database ? ` FROM ${printName(statement.database)}` : '';
      return `SHOW TABLES${from}${pattern}`;
    }
    case 'showMeasures':
      return `SHOW MEASURES FROM ${statement.table.map(printName).join('.')}${pattern}`;
    case 'describe':
      return `DESCRIBE ${statement.table.map(printName).join('.')}`;
  }
}

/** Writes a query so that it parses to the same tree. */
export function printQuery(query: Query): string {
  const items = query.with.map(({ name, columns, query: inner }) => {
    const names = columns.length > 0 ? ` (${columns.map(printName).join(', ')})` : '';
    return `${printName(name)}${names} AS (${printQuery(inner)})`;
  });
  const clauses = [
    items.length > 0 ? `WITH ${items.join(', ')}` : '',
    printBody(query.body),
    query.orderBy.length > 0 ? `ORDER BY ${printSort(query.orderBy)}` : '',
    query.offset === undefined ? '' : `OFFSET ${query.offset}`,
    query.limit === undefined ? '' : `LIMIT ${query.limit}`,
  ];
  return clauses.filter((clause) => clause !== '').join(' ');
}

function printBody(body: QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body);
    case 'nested':
      return `(${printQuery(body.query)})`;
    case 'values':
      return `VALUES ${body.rows.map(printExpression).join(', ')}`;
    case 'set':
      return `${printBody(body.left)} ${body.operator}${body.isAll ? ' ALL' : ''} ${printBody(body.right)}`;
  }
}

function printSelect(select: Select): string {
  const clauses = [
    `SELECT ${select.isDistinct ? 'DISTINCT ' : ''}${select.items.map(printItem).join(', ')}`,
    select.from ? `FROM ${printRelation(select.from)}` : '',
    select.where ? `WHERE ${printExpression(select.where)}` : '',
    select.groupBy.length > 0 ? `GROUP BY ${select.groupBy.map(printGrouping).join(', ')}` : '',
    select.having ? `HAVING ${printExpression(select.having)}` : '',
    select.windows.length > 0
      ? `WINDOW ${select.windows.map(({ name, spec }) => `${printName(name)} AS ${printWindow(spec)}`).join(', ')}`
      : '',
  ];
  return clauses.filter((clause) => clause !== '').join(' ');
}

function printItem(item: SelectItem): string {
  if (item.kind === 'star') return item.qualifier ? `${printName(item.qualifier)}.*` : '*';
  const alias = item.alias ? ` AS ${printName(item.alias)}` : '';
  return `${printExpression(item.expression)}${alias}`;
}

function printGrouping(element: GroupingElement): string {
  switch (element.kind) {
    case 'simple': {
      const [only] = element.expressions;
      if (only && element.expressions.length === 1) return printExpression(only);
      return `(${element.expressions.map(printExpression).join(', ')})`;
    }
    case 'rollup':
    case 'cube':
      return `${element.kind.toUpperCase()} (${element.expressions.map(printExpression).join(', ')})`;
    case 'sets':
      return `GROUPING SETS (${element.sets.map((set) => `(${set.map(printExpression).join(', ')})`).join(', ')})`;
  }
}

function printRelation(relation: Relation): string {
  switch (relation.kind) {
    case 'table':
      return relation.parts.map(printName).join('.');
    case 'subquery':
      return `${relation.isLateral ? 'LATERAL ' : ''}(${printQuery(relation.query)})`;
    case 'unnest':
      return `UNNEST(${relation.expressions.map(printExpression).join(', ')})${relation.withOrdinality ? ' WITH ORDINALITY' : ''}`;
    case 'aliased': {
      const columns = relation.columns.map(printName).join(', ');
      const inner =
        relation.relation.kind === 'aliased' || relation.relation.kind === 'join'
          ? `(${printRelation(relation.relation)})`
          : printRelation(relation.relation);
      return `${inner} AS ${printName(relation.alias)}${columns === '' ? '' : ` (${columns})`}`;
    }
    case 'join': {
      const { left, right, type, on, using } = relation;
      const second = right.kind === 'join' ? `(${printRelation(right)})` : printRelation(right);
      const criteria = on
        ? ` ON ${printExpression(on)}`
        : using
          ? ` USING (${using.map(printName).join(', ')})`
          : '';
      return `${printRelation(left)} ${type} JOIN ${second}${criteria}`;
    }
  }
}
