import type {
  GroupingElement,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
} from '../../src/sql/ast/query.ts';
import { printExpression, printName, printSort, printWindow } from './print-expression.ts';

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
