"""boto3 against a Timestream server."""

import os
from contextlib import contextmanager

import boto3
from botocore.config import Config

from steps import Steps, endpoint, equal, now, refused

steps = Steps("boto3", boto3.__version__)
write = boto3.client("timestream-write", endpoint_url=endpoint())
query = boto3.client("timestream-query", endpoint_url=endpoint())
database, table = "boto3", "points"
target = {"DatabaseName": database, "TableName": table}
time_ms = int(now().timestamp() * 1000)


def record(value, at_ms=time_ms, device="d", **more):
    return {
        "Dimensions": [{"Name": "device", "Value": device}],
        "MeasureName": "heat",
        "MeasureValue": value,
        "MeasureValueType": "DOUBLE",
        "Time": str(at_ms),
        **more,
    }


def rows(statement: str, **limits):
    """All rows of a statement as lists of texts, and how many pages they came in."""
    pages = list(query.get_paginator("query").paginate(QueryString=statement, **limits))
    found = [
        [cell.get("ScalarValue") for cell in row["Data"]] for page in pages for row in page["Rows"]
    ]
    return found, len(pages)


@contextmanager
def environment(**settings):
    os.environ.update(settings)
    try:
        yield
    finally:
        for name in settings:
            del os.environ[name]


def databases(**how):
    """What a client of each service finds when it is made so."""
    names = boto3.Session().client("timestream-write", **how).list_databases()["Databases"]
    reader = boto3.Session().client("timestream-query", **how)
    page = reader.query(QueryString="SELECT 1")
    while "NextToken" in page and not page["Rows"]:
        page = reader.query(QueryString="SELECT 1", NextToken=page["NextToken"])
    equal(page["Rows"], [{"Data": [{"ScalarValue": "1"}]}])
    return [each["DatabaseName"] for each in names]


with steps.step("databases"):
    write.create_database(DatabaseName=database)
    equal(write.describe_database(DatabaseName=database)["Database"]["TableCount"], 0)
    equal([each["DatabaseName"] for each in write.list_databases()["Databases"]], [database])
with steps.step("endpoint in code"):
    equal(databases(endpoint_url=endpoint()), [database])
with steps.step("endpoint in code, discovery on"):
    config = Config(endpoint_discovery_enabled=True)
    equal(databases(endpoint_url=endpoint(), config=config), [database])
with steps.step("endpoint from the environment"):
    names = ("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", "AWS_ENDPOINT_URL_TIMESTREAM_QUERY")
    with environment(**{name: endpoint() for name in names}):
        equal(databases(), [database])
with steps.step("endpoint from the environment, discovery on"):
    with environment(AWS_ENDPOINT_URL=endpoint(), AWS_ENABLE_ENDPOINT_DISCOVERY="true"):
        equal(databases(), [database])
with steps.step("endpoint from the environment, discovery off"):
    with environment(AWS_ENDPOINT_URL=endpoint(), AWS_ENABLE_ENDPOINT_DISCOVERY="false"):
        equal(databases(), [database])
with steps.step("tables"):
    retention = {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 7}
    write.create_table(**target, RetentionProperties=retention)
    equal(write.describe_table(**target)["Table"]["RetentionProperties"], retention)
    longer = {**retention, "MemoryStoreRetentionPeriodInHours": 48}
    equal(
        write.update_table(**target, RetentionProperties=longer)["Table"]["RetentionProperties"],
        longer,
    )
    equal(
        [each["TableName"] for each in write.list_tables(DatabaseName=database)["Tables"]], [table]
    )
with steps.step("WriteRecords"):
    batch = [record(str(n), time_ms - n * 1000) for n in range(100)]
    equal(write.write_records(**target, Records=batch)["RecordsIngested"]["Total"], 100)
    equal(
        rows('SELECT count(*), max(measure_value::double) FROM "boto3"."points"')[0],
        [["100", "99.0"]],
    )
with steps.step("WriteRecords with common attributes"):
    common = {"Dimensions": [{"Name": "device", "Value": "common"}], "MeasureValueType": "BIGINT"}
    count = {"MeasureName": "count", "MeasureValue": str(2**63 - 1), "Time": str(time_ms)}
    write.write_records(**target, Records=[count], CommonAttributes=common)
    found, _ = rows('SELECT measure_value::bigint FROM "boto3"."points" WHERE device = \'common\'')
    equal(found, [[str(2**63 - 1)]])
with steps.step("WriteRecords, several measures"):
    measures = [
        {"Name": "x", "Value": "1.5", "Type": "DOUBLE"},
        {"Name": "text", "Value": "größer ☃ 𝄞", "Type": "VARCHAR"},
        {"Name": "at", "Value": str(time_ms), "Type": "TIMESTAMP"},
    ]
    multi = {"MeasureName": "multi", "MeasureValueType": "MULTI", "MeasureValues": measures}
    entry = record("0", device="多")
    del entry["MeasureValue"]
    write.write_records(**target, Records=[{**entry, **multi}])
    found, _ = rows(
        'SELECT device, x, text, at = time FROM "boto3"."points" WHERE measure_name = \'multi\''
    )
    equal(found, [["多", "1.5", "größer ☃ 𝄞", "true"]])
with steps.step("WriteRecords, rejected"):
    try:
        write.write_records(
            **target, Records=[record("1"), record("5", time_ms + 1), record("1", 0)]
        )
        raise AssertionError("nothing was rejected")
    except write.exceptions.RejectedRecordsException as error:
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 419)
        rejected = error.response["RejectedRecords"]
        equal([each["RecordIndex"] for each in rejected], [0, 2])
with steps.step("WriteRecords, versions"):
    write.write_records(**target, Records=[record("7", Version=time_ms)])
    write.write_records(**target, Records=[record("7", Version=time_ms)])
    try:
        write.write_records(**target, Records=[record("8", Version=time_ms - 1)])
        raise AssertionError("a lower version was taken")
    except write.exceptions.RejectedRecordsException as error:
        equal(error.response["RejectedRecords"][0]["ExistingVersion"], time_ms)
with steps.step("Query"):
    page = query.query(
        QueryString="SELECT 1 AS one, ARRAY[1, 2] AS many, current_date IS NULL AS no"
    )
    while not page["Rows"]:
        page = query.query(QueryString="SELECT 1", NextToken=page["NextToken"])
    equal([column["Name"] for column in page["ColumnInfo"]], ["one", "many", "no"])
    many = {"ArrayValue": [{"ScalarValue": "1"}, {"ScalarValue": "2"}]}
    equal(page["Rows"], [{"Data": [{"ScalarValue": "1"}, many, {"ScalarValue": "false"}]}])
with steps.step("Query, pages"):
    heat = "FROM boto3.points WHERE measure_name = 'heat'"
    statement = f"SELECT measure_value::double {heat} ORDER BY time DESC"
    whole, _ = rows(statement)
    paged, pages = rows(statement, PaginationConfig={"PageSize": 7})
    equal((len(whole), paged, pages > 10), (101, whole, True))
with steps.step("PrepareQuery"):
    prepared = query.prepare_query(
        ValidateOnly=True,
        QueryString='SELECT device FROM "boto3"."points" WHERE device = @device'
    )
    equal([each["Name"] for each in prepared["Parameters"]], ["device"])
with steps.step("CancelQuery"):
    page = query.query(QueryString=statement, MaxRows=7)
    query.cancel_query(QueryId=page["QueryId"])
    with refused(query, "ConflictException"):
        query.query(QueryString=statement, MaxRows=7, NextToken=page["NextToken"])
with steps.step("tags"):
    arn = write.describe_table(**target)["Table"]["Arn"]
    write.tag_resource(
        ResourceARN=arn, Tags=[{"Key": "größe", "Value": "groß"}, {"Key": "a", "Value": "b"}]
    )
    write.untag_resource(ResourceARN=arn, TagKeys=["a"])
    equal(
        write.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "größe", "Value": "groß"}]
    )
with steps.step("typed errors"):
    with refused(write, "ConflictException"):
        write.create_database(DatabaseName=database)
    with refused(write, "ResourceNotFoundException"):
        write.describe_table(DatabaseName=database, TableName="nothing")
    with refused(write, "ValidationException"):
        write.write_records(**target, Records=[record("warm")])
    with refused(query, "ValidationException"):
        query.query(QueryString='SELECT hots FROM "boto3"."points"')
with steps.step("DeleteTable, DeleteDatabase"):
    write.delete_table(**target)
    write.delete_database(DatabaseName=database)
    equal(write.list_databases()["Databases"], [])
