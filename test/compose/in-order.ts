import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Runs the container test files in the order of their names, because they share one stack, and
 * later ones see the changes of earlier ones. Other files run in Vitest's own order.
 */
export class ContainersInOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- Not an array's: Vitest's own order.
    const sorted = await super.sort(files);
    const isOrdered = ({ project }: TestSpecification) => project.name === 'compose';
    return [
      ...sorted.filter((file) => !isOrdered(file)),
      ...sorted.filter(isOrdered).toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1)),
    ];
  }
}
