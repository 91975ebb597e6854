/** The column of a row's own value, where the row has attributes beside it. */
export const valueAttribute = 'value';
