/** Words that only occur in DuckDB's messages, or in the generated SQL, whatever the statement. */
export const foreignWords =
  /duckdb|\bU?(?:TINY|SMALL|BIG|HUGE)INT\b|\bU?INT(?:8|16|32|64|128)\b|\bVARCHAR\b|\bSTRUCT\b|hw_|\b(?:Binder|Conversion|Catalog|Parser|Out of Range|Invalid Input) Error\b|CAST\(|QUANTILE|STDDEV|Candidate functions|explicit type cast|LINE \d|scalar_subquery/;
