"""awswrangler's Timestream module, over pandas."""

from datetime import timedelta

import awswrangler as wr
import pandas as pd

from steps import Steps, endpoint, equal, now

steps = Steps("awswrangler", wr.__version__)
wr.config.timestream_write_endpoint_url = endpoint()
wr.config.timestream_query_endpoint_url = endpoint()
database, table = "wrangler", "points"
start = pd.Timestamp(now()).tz_convert(None).floor("ms")


def frame(values, **columns):
    times = [start - timedelta(seconds=n) for n in range(len(values))]
    return pd.DataFrame({"time": times, "device": "größer", "value": values, **columns})


def write(points, **how):
    names = {"time_col": "time", "dimensions_cols": ["device"], "measure_col": "value", **how}
    return wr.timestream.write(df=points, database=database, table=table, **names)


with steps.step("databases"):
    wr.timestream.create_database(database)
    equal(wr.timestream.list_databases(), [database])
with steps.step("tables"):
    wr.timestream.create_table(
        database, table, memory_retention_hours=24, magnetic_retention_days=7
    )
    equal(wr.timestream.list_tables(database=database), [table])
with steps.step("WriteRecords"):
    equal(write(frame([float(n) for n in range(250)])), [])
with steps.step("WriteRecords, several measures"):
    several = frame([1.5, 2.5], count=[2**53 + 1, 2], text=["☃", "b"])
    equal(write(several, measure_col=["value", "count", "text"], measure_name="several"), [])
with steps.step("WriteRecords with common attributes"):
    common = {"Dimensions": [{"Name": "place", "Value": "roof"}]}
    equal(write(frame([1.0]), measure_name="shared", common_attributes=common), [])
with steps.step("WriteRecords, rejected"):
    old = frame([1.0]).assign(time=pd.Timestamp("2020-01-01"))
    equal(len(write(old)), 1)
with steps.step("WriteRecords, versions"):
    equal(write(frame([10.0]), version=1, measure_name="versioned"), [])
    equal(len(write(frame([20.0]), version=1, measure_name="versioned")), 1)
    equal(write(frame([20.0]), version=2, measure_name="versioned"), [])
    statement = (
        f"SELECT measure_value::double FROM {database}.{table} WHERE measure_name = 'versioned'"
    )
    equal(wr.timestream.query(statement).values.tolist(), [[20.0]])
with steps.step("Query"):
    several = f"FROM {database}.{table} WHERE measure_name = 'several'"
    statement = f"SELECT time, device, count, text {several} ORDER BY time"
    found = wr.timestream.query(statement)
    equal(found["time"].tolist(), [start - timedelta(seconds=1), start])
    equal(found["count"].tolist(), [2, 2**53 + 1])
    equal(found[["device", "text"]].values.tolist(), [["größer", "b"], ["größer", "☃"]])
with steps.step("Query, pages"):
    statement = f"SELECT * FROM {database}.{table} WHERE measure_name = 'value'"
    chunks = list(wr.timestream.query(statement, chunked=True, pagination_config={"PageSize": 60}))
    equal(sum(len(chunk) for chunk in chunks), 250)
with steps.step("DeleteTable, DeleteDatabase"):
    wr.timestream.delete_table(database, table)
    wr.timestream.delete_database(database)
    equal(wr.timestream.list_databases(), [])
