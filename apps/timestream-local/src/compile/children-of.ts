import type { Expression } from '../sql/ast/nodes.ts';

/** The expressions directly within one, except those within a query. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'string':
    case 'duration':
    case 'interval':
    case 'typed':
    case 'parameter':
    case 'identifier':
    case 'current':
    case 'exists':
    case 'scalarQuery':
      return [];
    case 'field':
      return [node.base];
    case 'subscript':
      return [node.base, node.index];
    case 'negate':
    case 'not':
      return [node.operand];
    case 'binary':
    case 'comparison':
    case 'isDistinct':
      return [node.left, node.right];
    case 'quantified':
      return [node.left];
    case 'logical':
      return node.terms;
    case 'between':
      return [node.value, node.low, node.high];
    case 'inList':
      return [node.value, ...node.items];
    case 'inQuery':
    case 'isNull':
    case 'cast':
    case 'extract':
      return [node.value];
    case 'like':
      return [node.value, node.pattern, ...(node.escape ? [node.escape] : [])];
    case 'case':
      return [
        ...(node.operand ? [node.operand] : []),
        ...node.whens.flatMap(({ condition, result }) => [condition, result]),
        ...(node.otherwise ? [node.otherwise] : []),
      ];
    case 'array':
    case 'row':
      return node.items;
    case 'lambda':
      return [node.body];
    case 'call':
      return [
        ...node.arguments,
        ...node.orderBy.map(({ expression }) => expression),
        ...(node.filter ? [node.filter] : []),
        ...(node.over ? windowChildren(node.over) : []),
      ];
  }
}

type Window = NonNullable<Extract<Expression, { kind: 'call' }>['over']>;

function windowChildren({ partitionBy, orderBy, frame }: Window): readonly Expression[] {
  const offsets = [frame?.start.offset, frame?.end?.offset];
  return [
    ...partitionBy,
    ...orderBy.map(({ expression }) => expression),
    ...offsets.filter((offset) => offset !== undefined),
  ];
}
