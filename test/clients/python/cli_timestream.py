"""The AWS CLI's `aws timestream-write` and `aws timestream-query`."""

import json

from cli import aws, steps
from steps import equal, now

target = ("--database-name", "cli", "--table-name", "points")
time_ms = int(now().timestamp() * 1000)


def write(command: str, *arguments: str):
    return aws("timestream-write", command, *arguments)


def query(statement: str, *arguments: str):
    answer = aws("timestream-query", "query", "--query-string", statement, *arguments)
    return [[cell.get("ScalarValue") for cell in row["Data"]] for row in answer["Rows"]]


def records(*values):
    return json.dumps(
        [
            {
                "Dimensions": [{"Name": "device", "Value": "größer"}],
                "MeasureName": "heat",
                "MeasureValue": value,
                "MeasureValueType": "DOUBLE",
                "Time": str(time_ms - n),
            }
            for n, value in enumerate(values)
        ]
    )


with steps.step("databases"):
    write("create-database", "--database-name", "cli")
    described = write("describe-database", "--database-name", "cli")["Database"]
    equal(len(write("list-databases")["Databases"]), 1)
with steps.step("tables"):
    write("create-table", *target)
    retention = "MemoryStoreRetentionPeriodInHours=24,MagneticStoreRetentionPeriodInDays=7"
    updated = write("update-table", *target, "--retention-properties", retention)
    equal(updated["Table"]["RetentionProperties"]["MemoryStoreRetentionPeriodInHours"], 24)
    equal(write("describe-table", *target)["Table"]["TableStatus"], "ACTIVE")
    equal(len(write("list-tables", "--database-name", "cli")["Tables"]), 1)
with steps.step("WriteRecords"):
    written = write("write-records", *target, "--records", records("1.5", "2.5", "3.5"))
    equal(written["RecordsIngested"]["Total"], 3)
with steps.step("WriteRecords, rejected"):
    try:
        write("write-records", *target, "--records", records("9.5"))
        raise RuntimeError("nothing was rejected")
    except AssertionError as error:
        equal("(RejectedRecordsException)" in str(error), True)
statement = 'SELECT device, measure_value::double FROM "cli"."points" ORDER BY time DESC'
rows = [["größer", "1.5"], ["größer", "2.5"], ["größer", "3.5"]]
with steps.step("Query"):
    equal(query(statement), rows)
with steps.step("Query, pages"):
    equal(query(statement, "--page-size", "1"), rows)
with steps.step("PrepareQuery"):
    prepared = aws("timestream-query", "prepare-query", "--validate-only", "--query-string", f"{statement} LIMIT 1")
    equal([column["Name"] for column in prepared["Columns"]], ["device", "measure_value::double"])
with steps.step("tags"):
    arn = described["Arn"]
    write("tag-resource", "--resource-arn", arn, "--tags", "Key=a,Value=b", "Key=c,Value=d")
    write("untag-resource", "--resource-arn", arn, "--tag-keys", "a")
    tags = write("list-tags-for-resource", "--resource-arn", arn)["Tags"]
    equal(tags, [{"Key": "c", "Value": "d"}])
with steps.step("DescribeEndpoints"):
    for service in ("timestream-write", "timestream-query"):
        equal(len(aws(service, "describe-endpoints")["Endpoints"]), 1)
with steps.step("DeleteTable, DeleteDatabase"):
    write("delete-table", *target)
    write("delete-database", "--database-name", "cli")
    equal(write("list-databases")["Databases"], [])
