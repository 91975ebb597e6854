/** The column of a row's own value, if the row also has attributes. */
export const valueAttribute = 'value';
