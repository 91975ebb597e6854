/** DuckDB knows the calendar to the microsecond; the nanoseconds below are carried over. */
export function addMonths(timeSql: string, operator: '+' | '-', monthsSql: string): string {
  const subMicro = `((${timeSql} % 1000 + 1000) % 1000)`;
  const micro = `make_timestamp((${timeSql} - ${subMicro}) // 1000)`;
  return `(epoch_us(${micro} ${operator} to_months(${monthsSql})) * 1000 + ${subMicro})`;
}
